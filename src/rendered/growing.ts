const LEAST_BYTES = 4_096;

/**
 * A body that comes in pieces, in memory of about its own size: a list of the pieces takes two hundred bytes for each, which
 * a client may make as small as one.
 */
export class GrowingBody {
  #bytes = Buffer.alloc(0);
  #filled = 0;

  get byteLength(): number {
    return this.#filled;
  }

  add(piece: Buffer): void {
    const filled = this.#filled + piece.byteLength;
    if (filled > this.#bytes.byteLength) {
      const larger = Buffer.allocUnsafeSlow(Math.max(filled, 2 * this.#filled, LEAST_BYTES));
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#filled);
    this.#filled = filled;
  }

  whole(): Buffer {
    return this.#bytes.subarray(0, this.#filled);
  }
}
