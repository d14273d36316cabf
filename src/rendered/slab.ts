/** Memory that answers are joined in, used again once an answer is sent. */
export interface Slabs {
  /** Whether so many bytes may be joined as well, with all that wait to be sent. */
  hasRoom(byteLength: number): boolean;
  /** Takes memory for the parts and joins them there. */
  join(parts: readonly Buffer[], byteLength: number): Joined;
}

interface Joined {
  readonly body: Buffer;
  /** To be called when the last byte of `body` was handed to the operating system, and never before. */
  readonly giveBack: () => void;
  /** To be called when `body` is sent or will not be: in the latter case nobody knows who still reads it. */
  readonly letGo: () => void;
}

const SLAB_BYTES = 262_144;
const MOST_SLABS = 16;
/** Node keeps a pool of its own for smaller buffers. */
const LEAST_BYTES = 4_096;
/** Bytes of one answer, and of all that clients have not taken yet: such answers cost far less to ask for than to hold. */
const LARGEST = 16_777_216;
const MOST_BYTES = 67_108_864;

/**
 * New memory for each answer of 100 kilobytes costs a third of the time of sending it: it is cold, and the collector
 * has to come for it. What does not fit, or comes when all slabs are out, has memory of its own.
 */
export function createSlabs(): Slabs {
  const free: Buffer[] = [];
  let slabs = 0;
  let out = 0;

  const lend = (body: Buffer, slab: Buffer | undefined): Joined => {
    let isOut = true;
    out += body.byteLength;
    const end = (isSent: boolean) => () => {
      if (!isOut) return;
      isOut = false;
      out -= body.byteLength;
      if (slab && isSent) free.push(slab);
      else if (slab) slabs -= 1;
    };
    return { body, giveBack: end(true), letGo: end(false) };
  };

  const take = (): Buffer | undefined => {
    const slab = free.pop();
    if (slab || slabs === MOST_SLABS) return slab;
    slabs += 1;
    return Buffer.allocUnsafeSlow(SLAB_BYTES);
  };

  return {
    hasRoom: (byteLength) => byteLength <= LARGEST && out + byteLength <= MOST_BYTES,
    join(parts, byteLength) {
      const isFit = byteLength > LEAST_BYTES && byteLength <= SLAB_BYTES;
      const slab = isFit ? take() : undefined;
      const body = slab?.subarray(0, byteLength) ?? Buffer.allocUnsafe(byteLength);
      let at = 0;
      for (const part of parts) {
        body.set(part, at);
        at += part.byteLength;
      }
      return lend(body, slab);
    },
  };
}
