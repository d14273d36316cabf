import { ageOf } from '../page/age.ts';
import { useNow } from '../page/now.ts';
import type { DevicesOfPerson } from './lookups.ts';

export interface FreshnessProps {
  readonly of: DevicesOfPerson['machinesFreshness'];
  /** Only what calls for attention: that the answer is old, or not whole. */
  readonly warningsOnly?: boolean;
}

const EVERY_MILLISECONDS = 5_000;

/** How old an answer is, with a badge where Defender couldn't be asked for a newer one. */
export function Freshness({ of, warningsOnly = false }: FreshnessProps) {
  const now = useNow(EVERY_MILLISECONDS);
  if (!of) return null;
  const isStale = of.source === 'STALE';
  const age = <time dateTime={of.asOf}>{ageOf(of.asOf, now)}</time>;
  return (
    <>
      {isStale && <span className="badge badge-warning">Stale, read {age}</span>}
      {!isStale && !warningsOnly && <span className="quiet">Read {age}</span>}
      {!of.complete && <span className="badge badge-warning">Incomplete</span>}
    </>
  );
}
