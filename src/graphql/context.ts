import type { Authenticate, Caller, Priority } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';
import type { BudgetReading } from '../defender/budget.ts';
import type { Estimate, Outlook } from '../machines/outlook.ts';
import { createLoader, type HasSeen } from '../machines/loader.ts';
import type { MachinesOfUser, Sighting } from '../machines/sighting.ts';
import type { UserName } from '../machines/userName.ts';
import { createAllowance, type Allowance } from './limits.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Projections } from './deviceValues.ts';
import type { AskedUser } from './user.ts';

/** What the resolvers of one request share. */
export interface Context {
  /** The sighting of a user, however many fields and aliases ask for it. Rejects with a Failure. */
  sightingOf(user: AskedUser): Promise<Sighting>;
  /** Who asks. Rejects with a Failure where nobody can be made out. */
  readonly caller: Promise<Caller>;
  /** What the request has been told so far. */
  readonly sightings: ReadonlyMap<UserName, Sighting>;
  /** What is left of the budget that this caller draws on. Spends nothing. */
  budget(): Promise<BudgetReading>;
  /** What asking for these users would take. Spends nothing. */
  estimate(userNames: readonly string[]): Promise<Estimate>;
  /** What this request may still ask for. */
  readonly allowance: Allowance;
  readonly projections: Projections;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Where what is done for this request is written down. */
  readonly record: RequestRecord;
}

export interface ContextOptions {
  readonly authenticate: Authenticate;
  readonly machinesOf: MachinesOfUser;
  readonly hasSeen: HasSeen;
  readonly outlook: Outlook;
  readonly clock: Clock;
  readonly deadlineMilliseconds: number;
  readonly maxUsersPerRequest: number;
  readonly tracing?: Tracing | undefined;
}

interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly priority: Priority;
  readonly record: RequestRecord;
  /** Calls back when the answer is sent or the client has gone away, whichever comes first. */
  readonly onClose: (callback: () => void) => void;
}

export type CreateContext = (request: IncomingRequest) => Promise<Context>;

export function createContext(options: ContextOptions): CreateContext {
  const {
    authenticate,
    machinesOf,
    hasSeen,
    outlook,
    clock,
    deadlineMilliseconds,
    maxUsersPerRequest,
    tracing,
  } = options;

  /** Whoever closes the connection reads no error any more, and one with its stack for each answer takes time. */
  const gone = deadlineExceeded();

  return async ({ authorization, priority, record, onClose }) => {
    const end = new AbortController();
    const cancelDeadline = clock.after(deadlineMilliseconds, () => end.abort(deadlineExceeded()));
    onClose(() => {
      cancelDeadline();
      end.abort(gone);
    });

    const caller: Promise<Caller> = authenticate(authorization).then((who) => {
      record.caller = who;
      return { ...who, priority, record };
    });
    // Who can't be made out is told so on each user; a request that asks for none hears nothing of it.
    caller.catch((error: unknown) => {
      record.isRefused = error instanceof Failure && error.code === 'UNAUTHENTICATED';
    });
    const loader = createLoader(machinesOf, hasSeen, caller, end.signal, { record, tracing });

    return {
      sightingOf({ account }) {
        if (account instanceof Failure) return Promise.reject(account);
        record.asks += 1;
        return loader.load(account);
      },
      caller,
      sightings: loader.sightings,
      budget: async () => outlook.budget(await caller),
      estimate: async (userNames) => outlook.estimate(await caller, userNames),
      allowance: createAllowance(maxUsersPerRequest),
      projections: new Map(),
      now: clock.now,
      record,
    };
  };
}

function deadlineExceeded(): Failure {
  return new Failure(
    'DEADLINE_EXCEEDED',
    'The time for this request ran out before Defender could be asked. Ask again, for fewer users at a time.',
  );
}
