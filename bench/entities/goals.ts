import type { Results } from './results.ts';
import { ratios } from './ratios.ts';
import { quantile } from './statistics.ts';

/** A goal of the issue that this benchmark was written for. */
interface Goal {
  readonly scenario: string;
  readonly against: string;
  /** How many times the other's rate, at least. */
  readonly least: number;
}

export interface Judged extends Goal {
  /** Median of the ratios of one run. */
  readonly is: number;
  readonly isMet: boolean;
}

const GOALS: readonly Goal[] = [
  ...['100', '100of20'].flatMap((scenario) => [
    { scenario, against: 'apollo', least: 50 },
    { scenario, against: 'mercurius', least: 16 },
    { scenario, against: 'prepared', least: 0.6 },
  ]),
  { scenario: '10', against: 'apollo', least: 13 },
  { scenario: '10', against: 'mercurius', least: 2.2 },
  { scenario: '1', against: 'apollo', least: 4.5 },
  { scenario: '1', against: 'mercurius', least: 1.4 },
  { scenario: 'fresh10', against: 'apollo', least: 1.3 },
  { scenario: 'fresh100', against: 'apollo', least: 1.3 },
];

/** Of what plain Apollo adds to one REST round trip. */
export const MOST_ADDED = 0.5;

/** The goals whose contestants took part. */
export function judged({ warm }: Results): Judged[] {
  return GOALS.flatMap((goal) => {
    const showings = warm.find(({ scenario }) => scenario.id === goal.scenario)?.showings;
    const own = showings?.get('ours');
    const other = showings?.get(goal.against);
    if (!own || !other) return [];
    const is = quantile(ratios(own.rates, other.rates), 0.5);
    return [{ ...goal, is, isMet: is >= goal.least }];
  });
}

/** What this service adds cold, as a part of what plain Apollo adds; undefined where one of them took no part. */
export function coldPart({ cold }: Results, against = 'apollo'): number | undefined {
  const own = cold?.get('ours');
  const other = cold?.get(against);
  return own && other && quantile(ratios(own.added, other.added), 0.5);
}
