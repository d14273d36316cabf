import { cpus, release, type } from 'node:os';
import type { ColdShowing } from './cold.ts';
import type { Entrant } from './entrants.ts';
import type { Showing } from './rounds.ts';
import type { Scenario } from './scenarios.ts';

/** All that one run has found. */
export interface Results {
  readonly machine: string;
  readonly entrants: readonly Entrant[];
  readonly warm: readonly WarmResult[];
  readonly cold: ReadonlyMap<string, ColdShowing> | undefined;
}

export interface WarmResult {
  readonly scenario: Scenario;
  readonly showings: ReadonlyMap<string, Showing>;
  /** REST calls until everybody knew the scenario's users, by contestant. */
  readonly calls: ReadonlyMap<string, number>;
}

/** What a figure was measured on, and when. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const model = cpu?.model.trim() ?? 'unknown';
  return `${day}, Node ${process.version}, ${cpus().length} × ${model}, ${type()} ${release()}`;
}
