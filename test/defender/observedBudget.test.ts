import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { observedBudget } from '../../src/defender/observedBudget.ts';
import type { Spent } from '../../src/defender/budget.ts';
import type { Priority } from '../../src/auth/caller.ts';
import { noInstruments } from '../../src/telemetry/instruments.ts';
import { tally } from '../telemetry/tally.ts';
import { MINUTE, SECOND, setUp } from './budget/setting.ts';

function observed(options: Parameters<typeof setUp>[0]) {
  const { budget, clock } = setUp(options);
  const { meter, counts } = tally();
  const watched = observedBudget(budget, { ...noInstruments, meter });
  const { signal } = new AbortController();
  const ask = (
    caller: string,
    priority: Priority,
    answer: (spent: Spent) => unknown = (spent) => spent.answered(),
  ) =>
    watched
      .run({ budget: 'contoso', caller, priority, signal }, async (spent) => {
        await clock.sleep(100);
        await answer(spent);
      })
      .catch(() => {});
  const refusals = () =>
    Object.fromEntries(Object.entries(counts).filter(([name]) => name.startsWith('refusals')));
  return { ask, clock, counts, refusals };
}

async function turn(clock: { turn(milliseconds: number): Promise<void> }, ms: number) {
  await clock.turn(ms);
  await sleep(0);
}

test.each(['minute', 'hour'] as const)(
  'a refusal is counted by priority and by the window that ran out: the %s',
  async (window) => {
    const limits = { minute: 1_000, hour: 100_000, [window]: 4 };
    const { ask, clock, refusals } = observed({ limits });
    for (let call = 0; call < 6; call += 1) void ask(`caller ${call}`, 'interactive');
    void ask('notebook', 'bulk');
    await turn(clock, 3 * SECOND);
    expect(refusals()).toEqual({
      [`refusals interactive ${window}`]: 2,
      [`refusals bulk ${window}`]: 1,
    });
  },
);

test('a refusal in a pause says so', async () => {
  const { ask, clock, refusals } = observed({ maxConcurrency: 1 });
  void ask('ann', 'interactive', (spent) => void spent.refused(MINUTE, ''));
  void ask('bob', 'interactive');
  await turn(clock, 100);
  expect(refusals()).toEqual({ 'refusals interactive pause': 1 });
});

test('a refusal for want of a connection, or of a place in the queue, says so', async () => {
  const { ask, clock, refusals } = observed({ maxConcurrency: 1, mostWaiting: 2 });
  const never = () => clock.sleep(MINUTE);
  void ask('ann', 'interactive', never);
  await turn(clock, 0);
  for (const caller of ['bob', 'cyd']) void ask(caller, 'interactive');
  await turn(clock, 0);
  expect(refusals()).toEqual({ 'refusals interactive queue': 1 });
  await turn(clock, 3 * SECOND);
  expect(refusals()).toEqual({
    'refusals interactive queue': 1,
    'refusals interactive connections': 1,
  });
});

test('what is asked for ahead of need and not had is counted apart', async () => {
  const { ask, clock, refusals, counts } = observed({ limits: { minute: 4, hour: 100 } });
  for (let call = 0; call < 2; call += 1) void ask(`caller ${call}`, 'interactive');
  await turn(clock, SECOND);
  void ask('ann', 'spare');
  await turn(clock, SECOND);
  expect(refusals()).toEqual({ 'refusals spare spare': 1 });
  expect(counts).toMatchObject({ 'waits interactive': 2 });
});
