import type { Clock } from '../../../src/clock.ts';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that is turned by what is due next, and lets everything that a moment sets off happen before the next one. */
export class SimulatedClock implements Clock {
  #now: number;
  /** A binary heap, the next task first. */
  readonly #tasks: Task[] = [];
  readonly #cancelled = new Set<Task>();
  readonly #settled: () => Promise<void>;
  #order = 0;

  constructor(now = Date.UTC(2026, 0, 5, 9), settled = nextTick) {
    this.#now = now;
    this.#settled = settled;
  }

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, run: () => void): (() => void) => {
    this.#order += 1;
    const task = { at: this.#now + Math.max(0, milliseconds), order: this.#order, run };
    this.#push(task);
    return () => void this.#cancelled.add(task);
  };

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => void this.after(milliseconds, resolve));

  async turn(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await this.#settled();
    for (let next = this.#tasks[0]; next && next.at <= end; next = this.#tasks[0]) {
      this.#pop();
      if (this.#cancelled.delete(next)) continue;
      this.#now = next.at;
      next.run();
      await this.#settled();
    }
    this.#now = end;
  }

  #push(task: Task): void {
    const tasks = this.#tasks;
    let child = tasks.push(task) - 1;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      const above = tasks[parent];
      if (!above || isBefore(above, task)) break;
      tasks[child] = above;
      child = parent;
    }
    tasks[child] = task;
  }

  #pop(): void {
    const tasks = this.#tasks;
    const last = tasks.pop();
    if (!last || tasks.length === 0) return;
    let parent = 0;
    for (;;) {
      const left = tasks[2 * parent + 1];
      const right = tasks[2 * parent + 2];
      const child = left && right && isBefore(right, left) ? 2 * parent + 2 : 2 * parent + 1;
      const below = tasks[child];
      if (!below || isBefore(last, below)) break;
      tasks[parent] = below;
      parent = child;
    }
    tasks[parent] = last;
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
