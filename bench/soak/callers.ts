import type { Ask } from '../../src/defender/budget.ts';
import { Failure } from '../../src/errors.ts';
import type { Defender } from './defender.ts';
import type { Replicas } from './replica.ts';

interface Caller {
  readonly name: string;
  readonly priority: Ask['priority'];
  readonly isInvented?: boolean;
}

/** Those who ask, each time at whatever replica. */
export class Callers {
  readonly got = new Map<string, number>();
  /** Milliseconds until single queries had their call; Infinity where they were refused. */
  readonly waits: number[] = [];
  readonly #replicas: Replicas;
  readonly #defender: Defender;
  readonly #random: () => number;

  constructor(replicas: Replicas, defender: Defender, random: () => number) {
    this.#replicas = replicas;
    this.#defender = defender;
    this.#random = random;
  }

  /** Always wants more, so much at once, and comes back when it is told to. */
  insist(caller: Caller, atOnce: number): void {
    const more = async (): Promise<never> => {
      for (;;) {
        const wait = await this.#ask(caller).then(() => 0, secondsIn);
        await this.#replicas.clock.sleep(wait * 1_000);
      }
    };
    for (let asker = 0; asker < atOnce; asker += 1) void more();
  }

  /** Asks once every so many milliseconds on average, by turns in so many names, and takes what it gets. */
  async drop(caller: Caller, every: number, names: number): Promise<never> {
    const { clock } = this.#replicas;
    for (let query = 0; ; query += 1) {
      await clock.sleep(-Math.log(1 - this.#random()) * every);
      const asked = clock.now();
      const named = { ...caller, name: `${caller.name} ${query % names}` };
      const note = (wait: number) => caller.isInvented || this.waits.push(wait);
      void this.#ask(named, () => note(clock.now() - asked)).catch((error: unknown) => {
        if (error instanceof Failure) note(Infinity);
      });
    }
  }

  async #ask({ name, priority, isInvented = false }: Caller, onCall?: () => void): Promise<void> {
    const { all } = this.#replicas;
    const replica = all[Math.floor(this.#random() * all.length)];
    if (!replica) return;
    const { signal } = new AbortController();
    await replica.budget.run({ budget: 'contoso', caller: name, priority, signal }, (spent) => {
      onCall?.();
      const [group = ''] = name.split(' ');
      this.got.set(group, (this.got.get(group) ?? 0) + 1);
      return this.#defender.call(isInvented, spent, replica);
    });
  }
}

function secondsIn(error: unknown): number {
  return error instanceof Failure ? (error.details.retryAfterSeconds ?? 1) : 1;
}
