import { isDeepStrictEqual } from 'node:util';
import { ask } from './ask.ts';
import type { Contestant } from './entrants.ts';
import type { Started } from './processes.ts';
import type { Scenario } from './scenarios.ts';

/** REST calls that a contestant made for a scenario's users, each body asked for three times. */
export type Calls = ReadonlyMap<string, number>;

interface Asked {
  readonly variables: { readonly representations: readonly { readonly id: string }[] };
}

/**
 * Asks everybody for everything three times, after which all that a contestant can know is known, and has been used.
 * Throws where an answer is not the same as the first contestant's, or where one that has a cache made another number of
 * calls than there are users whom it had not been asked for.
 */
export async function agreed(
  { bodies, title }: Scenario,
  contestants: readonly Contestant[],
  upstream: Started,
  known: Map<string, Set<string>>,
): Promise<Calls> {
  const calls = new Map<string, number>();
  const answers: unknown[] = [];
  for (const { id, label, url, authorization, isCaching } of contestants) {
    const knownHere = known.get(id) ?? new Set<string>();
    known.set(id, knownHere);
    const named = bodies.flatMap((body) =>
      (JSON.parse(body) as Asked).variables.representations.map((user) => user.id),
    );
    const unknown = new Set(named.filter((user) => !knownHere.has(user))).size;
    await upstream.ask('takeCalls');
    for (const [index, body] of [...bodies, ...bodies, ...bodies].entries()) {
      const answer = await ask(url, authorization, body);
      const first = (answers[index % bodies.length] ??= answer);
      if (isFailed(answer) || !isDeepStrictEqual(answer, first)) {
        throw new Error(`${label} answers otherwise to "${title}": ${text(answer)}`);
      }
    }
    const made = (await upstream.ask('takeCalls')) as { readonly calls: number };
    if (isCaching && made.calls !== unknown) {
      throw new Error(`${label} made ${made.calls} calls for ${unknown} users of "${title}"`);
    }
    for (const user of named) knownHere.add(user);
    calls.set(id, made.calls);
  }
  return calls;
}

function isFailed(answer: unknown): boolean {
  return typeof answer !== 'object' || answer === null || 'errors' in answer;
}

function text(answer: unknown): string {
  return JSON.stringify(answer).slice(0, 2_000);
}
