import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Attack } from './attack.ts';
import { bodies } from './attacks/bodies.ts';
import { connections } from './attacks/connections.ts';
import { documents } from './attacks/documents.ts';
import { headers } from './attacks/headers.ts';
import { userNames } from './attacks/userNames.ts';
import { variables } from './attacks/variables.ts';
import { startBuiltServer, type BuiltServer } from './builtServer.ts';
import { exchange, summary } from './reply.ts';

const TABLE = { documents, variables, 'user names': userNames, bodies, headers, connections };

/** Milliseconds in which any answer is there: this tells what hangs, and not what is slow. */
const LONGEST = 10_000;
/** MiB: the limit in deploy/kubernetes. */
const MOST_MEMORY = 512;
/** Characters of an answer, as many as a request may have. */
const LONGEST_ANSWER = 4_194_304;
/** Characters of a line in the log. */
const LONGEST_LINE = 2_000;

/** What nobody outside may read. */
const LEAKS = {
  'a stack': /^\s*at .+:\d+|\\n\s+at /m,
  'a path of a file': /node_modules|\/dist\/|\.[jt]s:\d|file:\/\//,
  'a suggestion': /Did you mean (\\?"|the )/,
  'an address': /https?:\/\//,
  'a token': /eyJ/,
};

const GOOD = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id machines { id } } }
}`;

let server: BuiltServer;
let memoryAtFirst = 0;
let asked = 0;
/** The attack that was not answered in time: no other will be. */
let hangsSince: string | undefined;
let sent = 0;
const expectedCalls = new Set<string>();

beforeAll(async () => {
  server = await startBuiltServer();
  for (let index = 0; index < 200; index += 1) await askAndCompare();
  memoryAtFirst = server.memory().now;
}, 60_000);
afterAll(() => server.close());

/** A good query for somebody new, on a connection of its own. */
async function askAndCompare(): Promise<void> {
  const id = `user${1_000 + (asked += 1)}`;
  expectedCalls.add(id);
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.token}`,
      connection: 'close',
    },
    body: JSON.stringify({
      query: GOOD,
      variables: { representations: [{ __typename: 'User', id }] },
    }),
    signal: AbortSignal.timeout(LONGEST),
  });
  const machines = server.defender.visibleTo('carol', id)?.map((machine) => ({ id: machine.id }));
  expect(await response.json()).toEqual({
    data: { _entities: [{ id, machines: machines ?? null }] },
  });
}

/** The answers to one attack, each time that it was sent. */
async function attack({ send, times = 1, asks = [] }: Attack): Promise<string[]> {
  const { host } = new URL(server.url);
  const bytes = send({ host, token: server.token });
  for (const account of asks) expectedCalls.add(account);
  const answers: string[] = [];
  for (let time = 0; time < times; time += 1) {
    sent += 1;
    answers.push(await exchange(host, bytes, LONGEST));
  }
  return answers;
}

describe.each(Object.entries(TABLE))('%s', (_kind, attacks) => {
  test.each(attacks)(
    '$name',
    async (row) => {
      if (hangsSince !== undefined) throw new Error(`It hangs since "${hangsSince}"`);
      const [answers] = await Promise.all([
        attack(row).catch((error: unknown) => {
          hangsSince = row.name;
          throw error;
        }),
        askAndCompare(),
      ]);
      for (const text of answers) {
        if (!(row.isCut && text === '')) {
          expect([row.name, summary(text)]).toEqual([row.name, row.answer]);
        }
        expect(text).not.toMatch(/^HTTP\/1\.1 5/m);
        expect(text.length).toBeLessThan(LONGEST_ANSWER);
        for (const [leak, pattern] of Object.entries(LEAKS)) {
          expect([leak, pattern.exec(text)?.[0]]).toEqual([leak, undefined]);
        }
      }
    },
    4 * LONGEST,
  );
});

describe('after all of them', () => {
  test('the process is there, and has never held more memory than it is given', async () => {
    const { now, most } = server.memory();
    process.stdout.write(
      `${Object.values(TABLE).flat().length} attacks in ${sent} connections beside ${asked} good queries: ` +
        `${memoryAtFirst.toFixed()} MiB of memory before, ${most.toFixed()} at most, ${now.toFixed()} after\n`,
    );
    expect(server.child.exitCode).toBeNull();
    expect(server.child.signalCode).toBeNull();
    expect(most).toBeLessThan(MOST_MEMORY);
  });

  test('Defender has been asked what the good queries and the odd names explain, once each', () => {
    const { ledger } = server.defender;
    expect(Object.keys(ledger.byUser).toSorted()).toEqual([...expectedCalls].toSorted());
    expect(ledger.total).toBe(expectedCalls.size);
    expect(ledger.strays).toEqual([]);
  });

  test('the log has one short line of JSON for each, none of them of a fault, and no token', () => {
    for (const line of server.lines) {
      expect(line.length).toBeLessThan(LONGEST_LINE);
      expect((JSON.parse(line) as { level: number }).level).toBeLessThan(50);
      expect(line).not.toMatch(LEAKS['a token']);
    }
    expect(server.lines.length).toBeGreaterThan(asked);
  });
});
