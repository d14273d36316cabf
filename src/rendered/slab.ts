/** Memory that answers are joined in, used again once an answer is sent. */
export interface Slabs {
  /** Takes memory for the parts and joins them there. */
  join(parts: readonly Buffer[], byteLength: number): Joined;
}

interface Joined {
  readonly body: Buffer;
  /** To be called when the last byte of `body` was handed to the operating system, and never before. */
  readonly giveBack: () => void;
  /** To be called when `body` will not be sent: nobody knows who still reads it. */
  readonly letGo: () => void;
}

const SLAB_BYTES = 262_144;
const MOST_SLABS = 16;
/** Node keeps a pool of its own for smaller buffers. */
const LEAST_BYTES = 4_096;

/**
 * New memory for each answer of 100 kilobytes costs a third of the time of sending it: it is cold, and the collector
 * has to come for it. What does not fit, or comes when all slabs are out, has memory of its own.
 */
export function createSlabs(): Slabs {
  const free: Buffer[] = [];
  let slabs = 0;

  const own = (body: Buffer): Joined => ({ body, giveBack() {}, letGo() {} });
  const lend = (slab: Buffer, body: Buffer): Joined => {
    let isOut = true;
    const end = (then: () => void) => () => {
      if (isOut) then();
      isOut = false;
    };
    return { body, giveBack: end(() => free.push(slab)), letGo: end(() => (slabs -= 1)) };
  };

  const take = (): Buffer | undefined => {
    const slab = free.pop();
    if (slab || slabs === MOST_SLABS) return slab;
    slabs += 1;
    return Buffer.allocUnsafeSlow(SLAB_BYTES);
  };

  return {
    join(parts, byteLength) {
      const isFit = byteLength > LEAST_BYTES && byteLength <= SLAB_BYTES;
      const slab = isFit ? take() : undefined;
      const body = slab?.subarray(0, byteLength) ?? Buffer.allocUnsafe(byteLength);
      let at = 0;
      for (const part of parts) {
        body.set(part, at);
        at += part.byteLength;
      }
      return slab ? lend(slab, body) : own(body);
    },
  };
}
