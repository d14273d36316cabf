import { describe, expect, test } from '@jest/globals';
import type { GetList, List } from '../../src/defender/list.ts';
import { fetched } from '../../src/machines/source.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { createVocabulary } from '../../src/machines/vocabulary.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { ManualClock } from '../manualClock.ts';
import { callerWith, USER_1 } from './sightings.ts';

const alice = callerWith('alice');
const { signal } = new AbortController();

/** A source whose Defender answers with this list. */
function openSource(list: List | undefined) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const get: GetList = async (caller, path) => {
    asked.push(`${caller.partition} ${path}`);
    return list;
  };
  const machinesOf = fetched(get, createVocabulary(createLog('silent')), clock);
  return { asked, clock, machinesOf };
}

describe('the machines of a user', () => {
  test('are asked for at one path, with the name as one encoded segment', async () => {
    const { asked, machinesOf } = openSource({ values: [], complete: true });
    for (const name of ['user1', 'Jörg.M', '50% ?#;:&+', 'CONTOSO\\a b'])
      await machinesOf(alice, userNameFrom(name), signal);
    expect(asked).toEqual([
      'alice /api/users/user1/machines',
      'alice /api/users/j%C3%B6rg.m/machines',
      'alice /api/users/50%25%20%3F%23%3B%3A%26%2B/machines',
      'alice /api/users/a%20b/machines',
    ]);
  });

  test('are null for a user whom Defender does not know, and an empty list for one without any', async () => {
    const unknown = await openSource(undefined).machinesOf(alice, USER_1, signal);
    expect(unknown).toMatchObject({ machines: null, complete: true, source: 'LIVE' });
    const { clock, machinesOf } = openSource({ values: [], complete: true });
    const none = await machinesOf(alice, USER_1, signal);
    expect(none).toMatchObject({ machines: [], complete: true, readAt: clock.now() });
  });

  test('are whole but for those that can not be read, and say so', async () => {
    const { machinesOf } = openSource({
      values: [{ id: 'a' }, { computerDnsName: 'no-id' }, null, { id: 'b' }],
      complete: true,
    });
    const { machines, complete } = await machinesOf(alice, USER_1, signal);
    expect(machines?.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(complete).toBe(false);
  });

  test('are incomplete where pages were left unread', async () => {
    const { machinesOf } = openSource({ values: [{ id: 'a' }], complete: false });
    expect(await machinesOf(alice, USER_1, signal)).toMatchObject({ complete: false });
  });

  test('are frozen through and through', async () => {
    const { machinesOf } = openSource({
      values: [{ id: 'a', machineTags: ['x'] }],
      complete: true,
    });
    const sighting = await machinesOf(alice, USER_1, signal);
    const [machine] = sighting.machines ?? [];
    expect(
      [sighting, sighting.machines, machine, machine?.machineTags].every(Object.isFrozen),
    ).toBe(true);
  });
});
