import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGetList } from '../../src/defender/list.ts';
import { openRoad, users, type Reply, type Road } from '../road.ts';
import { strangerOn } from './strangers.ts';
import { callerWith } from '../machines/sightings.ts';

const PATH = '/api/users/user1/machines';
const { signal } = new AbortController();

/** Reads the list whose pages are the answers to one path after another; tells the paths too. */
async function readPages(...pages: unknown[]) {
  const paths: string[] = [];
  const getList = createGetList(async (_caller, path) => {
    paths.push(path);
    return pages[paths.length - 1];
  });
  const list = await getList(callerWith('alice'), PATH, signal);
  return { list, paths };
}

function page(value: unknown, nextLink?: unknown): object {
  return { '@odata.context': 'https://…', value, '@odata.nextLink': nextLink };
}

describe('a next link', () => {
  test.each([
    [`https://wdatp-eu.example.net${PATH}?$skip=2`, `${PATH}?$skip=2`],
    [`http://169.254.169.254/latest/meta-data`, '/latest/meta-data'],
    [`//evil.example/x?y`, '/x?y'],
    [`https://user:password@evil.example:8443/x`, '/x'],
    [`https://evil.example//other.example/x`, '//other.example/x'],
    [`${PATH}?$skip=2`, `${PATH}?$skip=2`],
    ['machines?$skip=2', `${PATH}?$skip=2`],
    ['?$skiptoken=a%2Fb c#fragment', `${PATH}?$skiptoken=a%2Fb%20c`],
    ['\\\\evil.example\\x', '/x'],
  ])('%p is followed by its path and query alone', async (nextLink, expected) => {
    const { list, paths } = await readPages(page(['a'], nextLink), page(['b']));
    expect(paths).toEqual([PATH, expected]);
    expect(list).toEqual({ values: ['a', 'b'], complete: true });
  });

  test.each([undefined, null, ''])('that is %p is none', async (nextLink) => {
    const { list, paths } = await readPages(page(['a'], nextLink));
    expect(paths).toEqual([PATH]);
    expect(list).toEqual({ values: ['a'], complete: true });
  });

  test.each([
    'https://',
    'http://[',
    'mailto:someone@evil.example',
    'blob:https://evil.example/x',
    'data:application/json,{}',
    'javascript:alert(1)',
    'file:///etc/passwd',
    7,
    true,
    {},
    ['https://evil.example/x'],
  ])('that is no link of HTTP is no valid response: %p', async (nextLink) => {
    await expect(readPages(page(['a'], nextLink), page(['b']))).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
    });
  });

  test('whatever it is, leads to a path that begins with a slash, or to a Failure', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.webUrl(), fc.string(), fc.jsonValue()), async (nextLink) => {
        const outcome = await readPages(page(['a'], nextLink), page(['b'])).catch(
          (error: unknown) => error,
        );
        if ('paths' in Object(outcome)) {
          const { paths } = outcome as { paths: string[] };
          expect(paths.every((path) => path.startsWith('/'))).toBe(true);
        } else {
          expect(outcome).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a list', () => {
  test.each([null, 7, 'text', [], {}, { value: null }, { value: { id: 'a' } }])(
    'is no valid response when it is %p, also on a later page',
    async (wrong) => {
      const invalid = { code: 'UPSTREAM_INVALID_RESPONSE' };
      await expect(readPages(wrong)).rejects.toMatchObject(invalid);
      await expect(readPages(page(['a'], '?2'), wrong)).rejects.toMatchObject(invalid);
    },
  );

  test('is undefined where Defender does not know the user, and incomplete where a later page is gone', async () => {
    expect((await readPages(undefined)).list).toBeUndefined();
    const { list } = await readPages(page(['a'], '?2'), undefined);
    expect(list).toEqual({ values: ['a'], complete: false });
  });

  test('may be longer than a function takes arguments', async () => {
    const { list } = await readPages(page(Array.from({ length: 300_000 }, () => null)));
    expect(list?.values).toHaveLength(300_000);
  });
});

describe('over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on User { machines { id } machineCount machinesFreshness { complete } }
    }
  }`;
  const ask = async (...names: string[]) =>
    road.ask({ query, variables: users(...names), token: await strangerOn(road) });
  const completeness = ({ data }: Reply) => data._entities[0].machinesFreshness;

  test('pages are put together, each a call, though their links name another host', async () => {
    const whole = await ask('user1');
    road.defender.ledger.reset();
    road.defender.faults.next({}, { kind: 'paged', pageSize: 2 });
    const paged = await ask('user1');
    expect(paged.errors).toEqual([]);
    expect(paged.data).toEqual(whole.data);
    expect(completeness(paged)).toEqual({ complete: true });
    expect(road.defender.ledger.total).toBe(5);
    expect(road.defender.ledger.strays).toEqual([]);
  });

  test('twenty pages at most are read, and the list says that it is incomplete', async () => {
    road.defender.faults.next({}, { kind: 'endlessPages' });
    const endless = await ask('user1');
    expect(endless.errors).toEqual([]);
    expect(completeness(endless)).toEqual({ complete: false });
    expect(road.defender.ledger.total).toBe(20);
  });

  test('exactly twenty pages are a complete list', async () => {
    road.defender.faults.next({}, { kind: 'paged', pageSize: 60 });
    const most = await ask('svc-backup');
    expect(most.data._entities[0].machineCount).toBe(1_200);
    expect(completeness(most)).toEqual({ complete: true });
    expect(road.defender.ledger.total).toBe(20);
  });

  test('a loop of links is left', async () => {
    road.defender.faults.next({}, { kind: 'repeatingPages' });
    const looping = await ask('user1');
    expect(completeness(looping)).toEqual({ complete: false });
    expect(road.defender.ledger.total).toBe(2);
  });

  test('a failure on a later page is that of the user, whose list is not half there', async () => {
    road.defender.faults.next({ user: 'user1' }, { kind: 'paged', pageSize: 2 });
    road.defender.faults.next(
      { user: 'user1', following: true, nth: 2 },
      { kind: 'status', status: 500 },
    );
    const { data, errors } = await ask('user1', 'user3');
    expect(data._entities[0].machines).toBeNull();
    expect(data._entities[1].machines).not.toBeNull();
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['UPSTREAM_UNAVAILABLE']),
    );
    expect(errors.every(({ path }) => path[1] === 0)).toBe(true);
    expect(road.defender.ledger.byUser.user1).toBe(3);
  });

  test('a later page that fails in passing is asked for once more', async () => {
    road.defender.faults.next({}, { kind: 'paged', pageSize: 5 });
    road.defender.faults.next({ following: true }, { kind: 'status', status: 503 });
    const { data, errors } = await ask('user1');
    expect(errors).toEqual([]);
    expect(data._entities[0].machineCount).toBe(9);
    expect(road.defender.ledger.total).toBe(3);
  });
});
