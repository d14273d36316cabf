import { readFile } from 'node:fs/promises';
import type { Emulator } from '../../../emulator/emulator.ts';
import { CALLER } from './stage.ts';

/** A line of the file in which the notebook saves. */
export interface SavedAnswer {
  readonly account: string;
  readonly machines: readonly { readonly id: string }[] | null;
  readonly problem: { readonly code: string; readonly what_to_do: string } | null;
}

/** The last whole line of each account; one that was not written to its end is none. */
export async function savedIn(file: string): Promise<SavedAnswer[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const answers = lines.map((line) => JSON.parse(line) as SavedAnswer);
  return [...new Map(answers.map((answer) => [answer.account, answer])).values()];
}

/** Accounts whose saved devices are not those that Defender would show. */
export function wrongAnswers(saved: readonly SavedAnswer[], defender: Emulator): string[] {
  return saved
    .filter(({ problem }) => problem === null)
    .filter(({ account, machines }) => {
      const visible = defender.visibleTo(CALLER, account);
      return idsOf(machines) !== idsOf(visible ?? null);
    })
    .map(({ account }) => account);
}

/** How many calls that Defender answered there were for each account, by the notebook's caller. */
export function callsByAccount(defender: Emulator): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { user, caller, status } of defender.ledger.calls) {
    if (caller === CALLER && status !== 401) counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}

function idsOf(machines: readonly { readonly id: string }[] | null): string | undefined {
  return machines
    ?.map(({ id }) => id)
    .toSorted()
    .join();
}
