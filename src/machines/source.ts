import type { Clock } from '../clock.ts';
import type { GetList, List } from '../defender/list.ts';
import { machineFrom, type Machine } from './machine.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';
import type { ReadWord } from './vocabulary.ts';

/** Reads one user's machines from the Defender API: one call, and one more for each further page. */
export function fetched(get: GetList, word: ReadWord, clock: Clock): MachinesOfUser {
  const sightingOf = (list: List | undefined, readAt: number): Sighting => {
    const machines = list && readable(list.values, word);
    return Object.freeze({
      machines: machines ? distinct(machines) : null,
      readAt,
      freshUntil: readAt,
      complete: list === undefined || (list.complete && machines?.length === list.values.length),
      source: 'LIVE',
    });
  };

  return (caller, userName, signal) => {
    // The moment before the first page: nothing in the answer is older.
    const readAt = clock.now();
    const path = `/api/users/${encodeURIComponent(userName)}/machines`;
    return get(caller, path, signal).then((list) => sightingOf(list, readAt));
  };
}

/** One device that can't be read must not hide the others. */
function readable(values: readonly unknown[], word: ReadWord): readonly Machine[] {
  const machines = values.map((value) => machineFrom(value, word));
  // A copy: what `filter` makes has room for 17 machines, for as long as they are remembered.
  return Object.freeze(machines.filter((machine) => machine !== undefined).slice());
}

/** A device that moves while a list is read in pages is listed twice. */
function distinct(machines: readonly Machine[]): readonly Machine[] {
  const ids = new Set(machines.map(({ id }) => id));
  if (ids.size === machines.length) return machines;
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  return Object.freeze([...byId.values()]);
}
