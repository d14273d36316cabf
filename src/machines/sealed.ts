import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { derivedKey } from '../redis/derivedKey.ts';

/**
 * Of what is sealed and how. A value of another format does not open: raise it when a Machine, a word of its vocabulary or
 * this file changes, since what is opened is not looked at again.
 */
const FORMAT = 1;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LEAST_BYTES = 1_024;
/** Larger texts are not worth the time of everybody else on the connection. */
const MOST_BYTES = 1_048_576;
const MOST_KEYS = 1_000;

/**
 * Seals texts for a partition: AES-256-GCM, under a key that is derived from a secret and the partition. The context
 * says what the text is; it opens only in the same one. Of several secrets the first seals and all open.
 *
 * A sealed value is format (1 byte), nonce (12), ciphertext and tag (16). Texts are filled up with spaces to the next
 * power of two, so that their length tells little; they are not compressed: that would cost more time than the bytes do
 * on the wire, and would let their length tell of their content.
 */
export class Seal {
  readonly #secrets: readonly string[];
  readonly #keys = new LRUCache<string, readonly Buffer[]>({ max: MOST_KEYS });

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** Undefined for a text of more than 1 MiB. */
  seal(partition: string, context: string, text: string): Buffer | undefined {
    const [key] = this.#keysOf(partition);
    const bytes = Buffer.byteLength(text);
    if (!key || bytes > MOST_BYTES) return undefined;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(contextBytes(context));
    const parts = [cipher.update(text, 'utf8'), cipher.update(' '.repeat(filling(bytes)), 'utf8')];
    return Buffer.concat([Buffer.of(FORMAT), nonce, ...parts, cipher.final(), cipher.getAuthTag()]);
  }

  /** Undefined for whatever was not sealed for this partition and context, or was changed since. */
  open(partition: string, context: string, sealed: Buffer): string | undefined {
    if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined;
    for (const key of this.#keysOf(partition)) {
      const text = opened(key, context, sealed);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #keysOf(partition: string): readonly Buffer[] {
    let keys = this.#keys.get(partition);
    if (!keys) {
      keys = this.#secrets.map((secret) => derivedKey(secret, `seal ${FORMAT} ${partition}`));
      this.#keys.set(partition, keys);
    }
    return keys;
  }
}

function opened(key: Buffer, context: string, sealed: Buffer): string | undefined {
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(contextBytes(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
    decipher.final();
    return text.toString();
  } catch {
    return undefined;
  }
}

function contextBytes(context: string): Buffer {
  return Buffer.from(`${FORMAT} ${context}`);
}

function filling(bytes: number): number {
  return Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, bytes)))) - bytes;
}
