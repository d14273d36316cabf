import type { Cluster, Redis } from 'ioredis';
import { withTimeLimit } from '../../redis/timeLimit.ts';
import type { RunScript } from './redisStore.ts';
import { KEY_PARTS, SCRIPT } from './script.ts';

interface Scripted {
  defenderBudget(...keysAndArgs: (string | number)[]): Promise<unknown>;
}

/** Runs the budget's script on a server or a cluster; `timeLimitMilliseconds` is for each call. */
export function scriptOn(redis: Redis | Cluster, timeLimitMilliseconds: number): RunScript {
  redis.defineCommand('defenderBudget', { lua: SCRIPT, numberOfKeys: KEY_PARTS.length });
  const scripted = redis as (Redis | Cluster) & Scripted;
  return (keys, args) =>
    withTimeLimit(scripted.defenderBudget(...keys, ...args), timeLimitMilliseconds);
}
