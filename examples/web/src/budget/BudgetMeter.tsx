import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { BUDGET } from '../graph/documents.ts';
import { useLoaded } from '../page/desk.ts';

const EVERY_MILLISECONDS = 10_000;

/** What is left of the calls that everybody shares. Reading it costs none. */
export function BudgetMeter() {
  const { data, refetch } = useQuery(BUDGET, {
    errorPolicy: 'ignore',
    pollInterval: EVERY_MILLISECONDS,
    skipPollAttempt: () => document.hidden,
  });
  const { loaded } = useLoaded();
  useEffect(() => {
    if (loaded.size > 0) void refetch().catch(() => undefined);
  }, [loaded, refetch]);

  const budget = data?.defenderBudget;
  if (!budget) return <p className="budget budget-unknown">Calls left: not known</p>;
  const { minute, hour } = budget;
  const isLow = minute.remaining < minute.limit / 4;
  return (
    <div className="budget">
      <p>
        <strong>{minute.remaining.toLocaleString('en')}</strong> of {minute.limit} Defender calls
        left this minute
        <span className="budget-hour"> · {hour.remaining.toLocaleString('en')} this hour</span>
      </p>
      <div
        className="budget-bar"
        role="meter"
        aria-label="Defender calls left this minute"
        aria-valuemin={0}
        aria-valuemax={minute.limit}
        aria-valuenow={minute.remaining}
        data-low={isLow}
      >
        <div style={{ inlineSize: `${(100 * minute.remaining) / minute.limit}%` }} />
      </div>
    </div>
  );
}
