import { z } from 'zod';

const text = z.string();
const bytes = z.number().int().nonnegative();

/** Waits before whatever comes next; they add to other faults of the same call. */
const delay = [
  /** Waits this long in real time. */
  z.object({ kind: z.literal('latency'), milliseconds: z.number().nonnegative() }),
  /** Waits until `release()` of the script, or until the client has gone. */
  z.object({ kind: z.literal('held') }),
] as const;

/** Take the place of the answer. */
const replacement = [
  z.object({
    kind: z.literal('status'),
    status: z.number().int(),
    headers: z.record(text, text).optional(),
    /** Text goes out as it is, anything else as JSON. Default: the service's own error body for the status. */
    body: z.unknown().optional(),
  }),
  /** 429. Seconds (7, 1.5) or any text (a date); null: no header. Calls before it has passed are refused and counted. */
  z.object({
    kind: z.literal('tooManyRequests'),
    retryAfter: z.union([z.number(), text, z.null()]),
  }),
  /** 401 with a claims challenge; `claims` is JSON text and goes out in base64. */
  z.object({ kind: z.literal('claimsChallenge'), claims: text }),
  /** The socket is reset before any answer. */
  z.object({ kind: z.literal('reset') }),
  /** No answer, ever; with `afterHeaders` a body that never ends. */
  z.object({ kind: z.literal('hang'), afterHeaders: z.boolean().optional() }),
  /** A Content-Length that is longer than what comes before the socket is closed. */
  z.object({ kind: z.literal('truncated') }),
  z.object({ kind: z.literal('notJson'), body: text.optional() }),
  z.object({
    kind: z.literal('wrongShape'),
    shape: z.enum(['noValue', 'valueNotAList', 'machineWithoutId', 'machineNotAnObject', 'null']),
  }),
  /** A valid answer of about so many bytes, streamed; with `encoding` that many bytes once it is unpacked. */
  z.object({ kind: z.literal('huge'), bytes, encoding: z.literal('gzip').optional() }),
  /** The true answer, packed. */
  z.object({ kind: z.literal('packed'), encoding: z.enum(['gzip', 'deflate', 'deflate-raw']) }),
  /** The true answer in pages, whose links name a regional host that is not this one. */
  z.object({ kind: z.literal('paged'), pageSize: z.number().int().positive() }),
  /** Each page links to the same next one. */
  z.object({ kind: z.literal('repeatingPages') }),
  /** Each page links to a new one, for ever. */
  z.object({ kind: z.literal('endlessPages') }),
] as const;

export const faultSchema = z.discriminatedUnion('kind', [...delay, ...replacement]);

export const matchSchema = z.object({
  /** The account name asked for, whatever its letter case. */
  user: text.optional(),
  /** The name of the caller whose token it is. */
  caller: text.optional(),
  /** False: only first pages; true: only what follows a nextLink. */
  following: z.boolean().optional(),
  /** The first call that is hit, counted from 1 among those that match. Default 1. */
  nth: z.number().int().positive().optional(),
  /** How many calls are hit, from the nth on. Default 1; `'always'`: all. */
  times: z.union([z.number().int().positive(), z.literal('always')]).optional(),
});

export type Fault = z.infer<typeof faultSchema>;
type Delay = z.infer<(typeof delay)[number]>;
export type Replacement = z.infer<(typeof replacement)[number]>;
export type FaultMatch = z.infer<typeof matchSchema>;

/** What a fault can be chosen by. */
export interface FaultTarget {
  readonly user?: string | undefined;
  readonly caller?: string | undefined;
  readonly following?: boolean;
}

/** What lies in wait for one call: waits, then at most one replacement of the answer. */
export interface Ambush {
  readonly delays: readonly (() => Promise<void>)[];
  readonly replacement: Replacement | undefined;
}

/** A fault that was scripted. */
export interface Script {
  /** How many calls it has hit. */
  readonly hits: number;
  /** Lets the held calls go, and holds no more. */
  release(): void;
  /** Takes it out of the script; what it holds is released. */
  remove(): void;
}

class ScriptedFault implements Script {
  readonly fault: Fault;
  readonly #match: FaultMatch;
  readonly #forget: (script: ScriptedFault) => void;
  readonly released: Promise<void>;
  #seen = 0;
  hits = 0;
  release: () => void = () => {};

  constructor(match: FaultMatch, fault: Fault, forget: (script: ScriptedFault) => void) {
    this.#match = match;
    this.fault = fault;
    this.#forget = forget;
    this.released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  remove(): void {
    this.#forget(this);
    this.release();
  }

  takes(target: FaultTarget): boolean {
    const { user, caller, following, nth = 1, times = 1 } = this.#match;
    if (user !== undefined && user.toLowerCase() !== target.user?.toLowerCase()) return false;
    if (caller !== undefined && caller !== target.caller) return false;
    if (following !== undefined && following !== (target.following ?? false)) return false;
    if (pagingKinds.has(this.fault.kind) && target.following) return false;
    if (times !== 'always' && this.hits >= times) return false;
    this.#seen += 1;
    if (this.#seen < nth) return false;
    this.hits += 1;
    return true;
  }
}

/** These begin a chain of pages, and the links carry it on. */
const pagingKinds: ReadonlySet<Fault['kind']> = new Set([
  'paged',
  'repeatingPages',
  'endlessPages',
]);

/** The scripted faults of one endpoint, in the order in which they were scripted. */
export class Faults {
  /** How an unknown user is answered: 404, as the older documentation has it, or 200 with an empty list. */
  unknownUser: 'notFound' | 'empty' = 'notFound';
  #scripts: ScriptedFault[] = [];

  /** Hits the next call that matches, or `times` of them from the `nth` on. */
  next(match: FaultMatch, fault: Fault): Script {
    const script = new ScriptedFault(match, fault, (gone) => {
      this.#scripts = this.#scripts.filter((other) => other !== gone);
    });
    this.#scripts.push(script);
    return script;
  }

  /** Hits every call that matches, until it is removed. */
  always(match: FaultMatch, fault: Fault): Script {
    return this.next({ ...match, times: 'always' }, fault);
  }

  /** Forgets every script and releases what is held. */
  clear(): void {
    for (const script of this.#scripts) script.release();
    this.#scripts = [];
    this.unknownUser = 'notFound';
  }

  take(target: FaultTarget): Ambush {
    const delays: (() => Promise<void>)[] = [];
    for (const script of this.#scripts) {
      const { fault } = script;
      if (isDelay(fault)) {
        if (script.takes(target)) delays.push(() => waited(fault, script.released));
      } else if (script.takes(target)) {
        return { delays, replacement: fault };
      }
    }
    return { delays, replacement: undefined };
  }
}

function isDelay(fault: Fault): fault is Delay {
  return fault.kind === 'latency' || fault.kind === 'held';
}

function waited(delayed: Delay, released: Promise<void>): Promise<void> {
  if (delayed.kind === 'held') return released;
  return new Promise((resolve) => setTimeout(resolve, delayed.milliseconds).unref());
}
