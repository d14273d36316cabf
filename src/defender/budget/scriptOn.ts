import type { Cluster, Redis } from 'ioredis';
import type { RunScript } from './redisStore.ts';
import { KEY_PARTS, SCRIPT } from './script.ts';

interface Scripted {
  defenderBudget(...keysAndArgs: (string | number)[]): Promise<unknown>;
}

/** Runs the budget's script on a server or a cluster; `timeLimitMilliseconds` is for each call. */
export function scriptOn(redis: Redis | Cluster, timeLimitMilliseconds: number): RunScript {
  redis.defineCommand('defenderBudget', { lua: SCRIPT, numberOfKeys: KEY_PARTS.length });
  const scripted = redis as (Redis | Cluster) & Scripted;
  return async (keys, args) => {
    let timer: NodeJS.Timeout | undefined;
    const timeLimit = new Promise((_, reject) => {
      const tooSlow = () => reject(new Error(`Redis took over ${timeLimitMilliseconds} ms`));
      timer = setTimeout(tooSlow, timeLimitMilliseconds);
    });
    try {
      return await Promise.race([scripted.defenderBudget(...keys, ...args), timeLimit]);
    } finally {
      clearTimeout(timer);
    }
  };
}
