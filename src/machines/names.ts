import { createHmac } from 'node:crypto';
import { derivedKey } from '../redis/derivedKey.ts';
import type { UserName } from './userName.ts';

/**
 * What the shared cache calls things in Redis: keyed hashes, so that who reads them learns no partition and no user,
 * and can not try names out. All names of a partition share a hash slot.
 */
export class Names {
  readonly #key: Buffer;
  readonly forgettings: string;
  readonly landings: string;

  constructor(secret: string) {
    this.#key = derivedKey(secret, 'names');
    this.forgettings = `defender:forgettings:${this.#hash('forgettings')}`;
    this.landings = `defender:landings:${this.#hash('landings')}`;
  }

  /** The partition in messages, and in the names below. */
  tag(partition: string): string {
    return this.#hash('partition', partition);
  }

  generation(tag: string): string {
    return `defender:{${tag}}:generation`;
  }

  entry(tag: string, userName: UserName): string {
    return `defender:{${tag}}:machines:${this.#hash('machines', tag, userName)}`;
  }

  lease(tag: string, userName: UserName): string {
    return `defender:{${tag}}:lease:${this.#hash('lease', tag, userName)}`;
  }

  /** 128 bits. JSON keeps the parts apart, whatever characters they hold. */
  #hash(...parts: readonly string[]): string {
    const hash = createHmac('sha256', this.#key).update(JSON.stringify(parts));
    return hash.digest('base64url').slice(0, 22);
  }
}
