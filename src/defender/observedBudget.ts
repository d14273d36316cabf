import type { Instruments } from '../telemetry/instruments.ts';
import type { Meter } from '../telemetry/metrics.ts';
import type { Budget, BudgetReading } from './budget.ts';
import { RateLimited } from './budget/rateLimited.ts';

/** Counts, times and traces what calls wait for, and shows what is left of the budgets that Defender has answered. */
export function observedBudget(budget: Budget, { meter, tracing, now }: Instruments): Budget {
  show(meter, budget);

  return {
    ...budget,
    async run(ask, call) {
      const { priority, record } = ask;
      const startedAt = now();
      let isWaiting = true;
      const wait = tracing?.start('wait for budget', {
        attributes: { 'user_machines.priority': priority },
      });
      try {
        return await budget.run(ask, (spent) => {
          isWaiting = false;
          wait?.end();
          const waited = now() - startedAt;
          meter.observe('waits', { priority }, waited / 1_000);
          if (record) {
            record.calls += 1;
            record.waitedMilliseconds = Math.max(record.waitedMilliseconds, waited);
          }
          return call({
            ...spent,
            refused(...answer) {
              meter.add('pauses', {});
              return spent.refused(...answer);
            },
          });
        });
      } catch (error) {
        if (isWaiting) {
          const isRefused = error instanceof RateLimited;
          if (isRefused) meter.add('refusals', { priority, reason: error.by });
          wait?.end(isRefused ? error.code : 'cancelled');
        }
        throw error;
      }
    },
  };
}

function show(meter: Meter, budget: Budget): void {
  const readings = async <T>(read: (name: string, reading: BudgetReading) => readonly T[]) => {
    const all = await Promise.all(
      budget.answered().map(async (name) => read(name, await budget.read(name))),
    );
    return all.flat();
  };
  meter.watch('budgetRemaining', () =>
    readings((name, { minute, hour }) => [
      [{ budget: name, window: 'minute' }, minute.remaining],
      [{ budget: name, window: 'hour' }, hour.remaining],
    ]),
  );
  meter.watch('budgetLimit', () =>
    readings((name, { minute, hour }) => [
      [{ budget: name, window: 'minute' }, minute.limit],
      [{ budget: name, window: 'hour' }, hour.limit],
    ]),
  );
  meter.watch('budgetPaused', () =>
    readings((name, { pausedUntil }) => [[{ budget: name }, pausedUntil === undefined ? 0 : 1]]),
  );
}
