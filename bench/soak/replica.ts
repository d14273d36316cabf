import { setImmediate as turnOfTheLoop, setTimeout as sleep } from 'node:timers/promises';
import { createBudget, type Budget } from '../../src/defender/budget.ts';
import { RedisStore, type RunScript } from '../../src/defender/budget/redisStore.ts';
import { scriptOn } from '../../src/defender/budget/scriptOn.ts';
import { SharedStore } from '../../src/defender/budget/sharedStore.ts';
import type { Limits } from '../../src/defender/budget/store.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { startFaultProxy, type FaultProxy } from '../../test/redis/faultProxy.ts';
import { SimulatedClock } from '../../test/defender/budget/simulatedClock.ts';

export const LIMITS: Limits = { minute: 100, hour: 1_500 };
const MARGIN = 1_000;
/** Milliseconds of real time that Redis may take: not its limit in production, as this machine may be busy. */
const TIME_LIMIT = 2_000;

/** One process of three, with a connection to Redis that can be cut. */
export interface Replica {
  readonly budget: Budget;
  readonly outages: () => number;
  /** Whether it knows that Redis is out of its reach. */
  readonly isDegraded: () => boolean;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Replicas on one simulated clock. A moment is over when no replica waits for Redis any more. */
export class Replicas {
  readonly clock = new SimulatedClock(undefined, () => this.#settled());
  readonly #replicas: Replica[] = [];
  #waiting = 0;
  readonly #mending = new Set<RedisClient>();

  get all(): readonly Replica[] {
    return this.#replicas;
  }

  async start(port: number, count: number, random: () => number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.#replicas.push(await this.#startOne(port, `replica-${index}`, count, random));
    }
    await this.#settled();
  }

  async close(): Promise<void> {
    for (const replica of this.#replicas) await replica.close();
  }

  async #startOne(
    port: number,
    name: string,
    replicas: number,
    random: () => number,
  ): Promise<Replica> {
    const { clock } = this;
    const proxy: FaultProxy = await startFaultProxy(port);
    const redis = connectRedis(`redis://127.0.0.1:${proxy.port}`, (error) => store.lost(error));
    const windows = { limits: LIMITS, marginMilliseconds: MARGIN };
    let outages = 0;
    const log = createLog('warn', { write: () => void (outages += 1) });
    const store: SharedStore = new SharedStore({
      redis: new RedisStore({
        ...windows,
        run: this.#counted(scriptOn(redis, TIME_LIMIT)),
        secret: 'a secret of the soak',
        replica: name,
        now: clock.now,
      }),
      ...windows,
      replicas,
      clock,
      log,
    });
    const budget = createBudget({
      clock,
      store,
      limits: LIMITS,
      maxConcurrency: 50,
      maxWaitMilliseconds: 2_000,
      log: createLog('silent'),
      random,
    });
    this.#mending.add(redis);
    return {
      budget,
      outages: () => outages,
      isDegraded: () => store.isDegraded(),
      cut: () => proxy.set('reset'),
      mend: () => {
        proxy.set('none');
        this.#mending.add(redis);
      },
      async close() {
        redis.disconnect();
        await proxy.close();
      },
    };
  }

  #counted(run: RunScript): RunScript {
    return async (keys, args) => {
      this.#waiting += 1;
      try {
        return await run(keys, args);
      } finally {
        this.#waiting -= 1;
      }
    };
  }

  async #settled(): Promise<void> {
    for (const redis of this.#mending) {
      while (redis.status !== 'ready') await sleep(1);
      this.#mending.delete(redis);
    }
    do await turnOfTheLoop();
    while (this.#waiting > 0);
  }
}
