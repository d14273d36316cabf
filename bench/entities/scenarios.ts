import { bodyOf, DEVICES, FILTER, FILTERED, FRESH } from './operations.ts';

/** What is asked for, again and again, of users who were all asked for before. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Sent in turn: the same operation for different users, as a router sends it. */
  readonly bodies: readonly string[];
  /** Whether each request has a document of its own. */
  readonly isFresh: boolean;
  /** Whether the servers without GraphQL know the operation. */
  readonly isPlain: boolean;
}

/** Different users each, so that no contestant is asked for the same thing only. */
const BODIES = 8;

export const scenarios: readonly Scenario[] = [
  plain('1', '1 user', (body) => users(body, 1)),
  plain('10', '10 users', (body) => users(body, 10)),
  plain('100', '100 users', (body) => users(body, 100)),
  plain('100of20', '100 of 20', (body) => users(body, 100, 20)),
  {
    id: 'filtered',
    title: '100 users, filtered',
    bodies: times((body) => bodyOf(FILTERED, users(body, 100), { filter: FILTER })),
    isFresh: false,
    isPlain: false,
  },
  fresh('fresh10', '10 users, fresh document', 10),
  fresh('fresh100', '100 users, fresh document', 100),
];

function plain(id: string, title: string, asked: (body: number) => string[]): Scenario {
  const bodies = times((body) => bodyOf(DEVICES, asked(body)));
  return { id, title, bodies, isFresh: false, isPlain: true };
}

function fresh(id: string, title: string, count: number): Scenario {
  const bodies = times((body) => bodyOf(FRESH, users(body, count)));
  return { id, title, bodies, isFresh: true, isPlain: false };
}

function times<Made>(make: (body: number) => Made): Made[] {
  return Array.from({ length: BODIES }, (_, body) => make(body));
}

/** So many names, of so many distinct users. */
function users(body: number, count: number, distinct = count): string[] {
  return Array.from(
    { length: count },
    (_, index) => `user${body * 100 + (index % distinct)}@contoso.com`,
  );
}
