import type { WriteStream } from 'node:tty';

const WIDTH = 24;
const CLEARED = '\r\x1b[K';

/** What is printed, and below it, on a terminal alone, one line that says how far it is. */
export class Foot {
  readonly #stream: Pick<WriteStream, 'isTTY' | 'write'>;
  #line = '';

  constructor(stream: Pick<WriteStream, 'isTTY' | 'write'>) {
    this.#stream = stream;
  }

  print(text: string): void {
    this.#stream.write(this.#line === '' ? text : `${CLEARED}${text}${this.#line}`);
  }

  /** With a bar where it is known how much there is to do. */
  show(what: string, done = 0, all = 0): void {
    if (!this.#stream.isTTY) return;
    const full = Math.round((WIDTH * done) / (all || 1));
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${done}/${all} `;
    this.#line = `${all > 0 ? bar : ''}${what}`;
    this.#stream.write(`${CLEARED}${this.#line}`);
  }

  clear(): void {
    if (this.#line !== '') this.#stream.write(CLEARED);
    this.#line = '';
  }
}
