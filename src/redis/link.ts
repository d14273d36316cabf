import type { Log } from '../telemetry/log.ts';
import { connectRedis, type RedisClient } from './connect.ts';
import { Gate } from './gate.ts';
import { withTimeLimit } from './timeLimit.ts';

/** Runs one command. Rejects where Redis can not be asked, or does not answer within 100 ms. */
export type RunCommand = <T>(command: (client: RedisClient) => Promise<T>) => Promise<T>;

/** Milliseconds for one command. */
const TIME_LIMIT = 100;
/** Commands under way at once: a query for thousands of users must not make the last of them late. */
const AT_ONCE = 32;
/** Milliseconds between two looks at whether Redis answers. */
const HEARTBEAT = 1_000;

/**
 * The way to Redis: a connection for commands and one for messages. Where either is lost, or does not answer in time,
 * Redis is gone: commands reject at once, so that nobody waits, until both answer again and what must be told first has
 * been told.
 */
export class RedisLink {
  readonly client: RedisClient;
  readonly #subscriber: RedisClient;
  readonly #log: Log;
  readonly #gate = new Gate(AT_ONCE);
  readonly #heartbeat: NodeJS.Timeout;
  readonly #channels = new Map<string, (message: string) => void>();
  readonly #returning: { task: (run: RunCommand) => Promise<void>; isDone: () => boolean }[] = [];
  readonly #cut: ((error: unknown) => void)[] = [];
  readonly #gone: (() => void)[] = [];
  readonly #settling: (() => void)[] = [];
  #state: 'unknown' | 'gone' | 'ready' = 'unknown';
  #losses = 0;
  #isChecking = false;
  #isClosed = false;

  constructor(url: string, log: Log) {
    this.#log = log;
    this.client = connectRedis(url, (error) => {
      for (const listener of this.#cut) listener(error);
      this.lost(error);
    });
    this.#subscriber = connectRedis(url, (error) => this.lost(error));
    this.#subscriber.on('message', (channel: string, message: string) =>
      this.#channels.get(channel)?.(message),
    );
    for (const one of [this.client, this.#subscriber]) one.on('ready', () => void this.#check());
    this.#heartbeat = setInterval(() => void this.#check(), HEARTBEAT).unref();
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** To be called before the first command, as are the ones below. */
  onMessage(channel: string, listener: (message: string) => void): void {
    this.#channels.set(channel, listener);
  }

  /**
   * `task` runs each time before Redis is ready, when messages already arrive, and again until it is done: it makes good
   * what was missed. Where it rejects, Redis stays gone.
   */
  onReturn(task: (run: RunCommand) => Promise<void>, isDone: () => boolean): void {
    this.#returning.push({ task, isDone });
  }

  /** Messages do not arrive any more. */
  onGone(listener: () => void): void {
    this.#gone.push(listener);
  }

  /** The connection for commands is lost: what Redis held may be lost as well. */
  onCut(listener: (error: unknown) => void): void {
    this.#cut.push(listener);
  }

  /** Until Redis is ready, but so many milliseconds at most. */
  settled(milliseconds: number): Promise<void> {
    if (this.isReady) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#settling.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  readonly run: RunCommand = (command) =>
    this.#gate.through(() => {
      if (!this.isReady) return Promise.reject(new Error('Redis is gone'));
      return this.#limited(command);
    });

  /** Redis is taken for gone, until what must be told first has been told again. */
  lost(error: unknown): void {
    this.#losses += 1;
    if (this.#state === 'gone' || this.#isClosed) return;
    this.#state = 'gone';
    this.#log.warn({ err: error }, 'Redis is gone: going on with what this process remembers');
    for (const listener of this.#gone) listener();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    this.client.disconnect();
    this.#subscriber.disconnect();
  }

  async #check(): Promise<void> {
    const connections = [this.client, this.#subscriber];
    // A connection that is not made yet, or was lost, reports that by itself.
    if (this.#isChecking || connections.some(({ status }) => status !== 'ready')) return;
    this.#isChecking = true;
    try {
      await Promise.all(connections.map((one) => withTimeLimit(one.ping(), TIME_LIMIT)));
      if (!this.isReady) await this.#return();
    } catch (error) {
      this.lost(error);
    } finally {
      this.#isChecking = false;
    }
  }

  async #return(): Promise<void> {
    const losses = this.#losses;
    const channels = [...this.#channels.keys()];
    if (channels.length > 0)
      await withTimeLimit(this.#subscriber.subscribe(...channels), TIME_LIMIT);
    const run: RunCommand = (command) => this.#gate.through(() => this.#limited(command));
    do for (const { task } of this.#returning) await task(run);
    while (!this.#returning.every(({ isDone }) => isDone()));
    // The next heartbeat tries again where it was lost meanwhile.
    if (losses !== this.#losses) return;
    if (this.#state === 'gone') this.#log.info('Redis is back');
    this.#state = 'ready';
    for (const settle of this.#settling.splice(0)) settle();
  }

  async #limited<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      return await withTimeLimit(command(this.client), TIME_LIMIT);
    } catch (error) {
      // Redis has answered, if only with an error: it is there.
      if (!(error instanceof Error && error.name === 'ReplyError')) this.lost(error);
      throw error;
    }
  }
}
