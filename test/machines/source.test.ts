import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GetList, List } from '../../src/defender/list.ts';
import { fetched } from '../../src/machines/source.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { createVocabulary } from '../../src/machines/vocabulary.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { strangerOn } from '../defender/strangers.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';
import { callerWith, USER_1 } from './sightings.ts';

const alice = callerWith('alice');
const { signal } = new AbortController();

/** A source whose Defender answers with this list. */
function openSource(list: List | undefined) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const get: GetList = async (caller, path) => {
    asked.push(`${caller.partition} ${path}`);
    return list;
  };
  const machinesOf = fetched(get, createVocabulary(createLog('silent')), clock);
  return { asked, clock, machinesOf };
}

describe('the machines of a user', () => {
  test('are asked for at one path, with the name as one encoded segment', async () => {
    const { asked, machinesOf } = openSource({ values: [], complete: true });
    for (const name of ['user1', 'Jörg.M', '50% ?#;:&+', 'CONTOSO\\a b'])
      await machinesOf(alice, userNameFrom(name), signal);
    expect(asked).toEqual([
      'alice /api/users/user1/machines',
      'alice /api/users/j%C3%B6rg.m/machines',
      'alice /api/users/50%25%20%3F%23%3B%3A%26%2B/machines',
      'alice /api/users/a%20b/machines',
    ]);
  });

  test('are null for a user whom Defender does not know, and an empty list for one without any', async () => {
    const unknown = await openSource(undefined).machinesOf(alice, USER_1, signal);
    expect(unknown).toMatchObject({ machines: null, complete: true, source: 'LIVE' });
    const { clock, machinesOf } = openSource({ values: [], complete: true });
    const none = await machinesOf(alice, USER_1, signal);
    expect(none).toMatchObject({ machines: [], complete: true, readAt: clock.now() });
  });

  test('are whole but for those that can not be read, and say so', async () => {
    const { machinesOf } = openSource({
      values: [{ id: 'a' }, { computerDnsName: 'no-id' }, null, { id: 'b' }],
      complete: true,
    });
    const { machines, complete } = await machinesOf(alice, USER_1, signal);
    expect(machines?.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(complete).toBe(false);
  });

  test('are incomplete where pages were left unread', async () => {
    const { machinesOf } = openSource({ values: [{ id: 'a' }], complete: false });
    expect(await machinesOf(alice, USER_1, signal)).toMatchObject({ complete: false });
  });

  test('are frozen through and through', async () => {
    const { machinesOf } = openSource({
      values: [{ id: 'a', machineTags: ['x'] }],
      complete: true,
    });
    const sighting = await machinesOf(alice, USER_1, signal);
    const [machine] = sighting.machines ?? [];
    expect(
      [sighting, sighting.machines, machine, machine?.machineTags].every(Object.isFrozen),
    ).toBe(true);
  });
});

describe('over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  test('the four spellings of a name are one call', async () => {
    road.defender.ledger.reset();
    const { data, errors } = await road.ask({
      query: ENTITIES,
      variables: users('user1', 'USER1', 'user1@contoso.com', 'CONTOSO\\user1'),
      token: await strangerOn(road),
    });
    expect(errors).toEqual([]);
    expect(data._entities[0].machines).toHaveLength(9);
    for (const { machines } of data._entities) expect(machines).toEqual(data._entities[0].machines);
    expect(road.defender.ledger.calls.map(({ path }) => path)).toEqual([
      '/api/users/user1/machines',
    ]);
  });

  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('.', '..', '/', '\\', '@', '%2e%2e', '%2F', '?', '#', ' ', '\u2215', '\r\n'),
    fc.constantFrom('user1', 'CONTOSO', '6f9619ff-8b86-d011-b42d-00c04fc964ff'),
  );
  const anyId = fc.oneof(
    { weight: 5, arbitrary: fc.array(part, { maxLength: 5 }).map((parts) => parts.join('')) },
    // A key that reaches into prototypes loses the whole request, as test/server/jsonBody has it.
    {
      weight: 1,
      arbitrary: fc.jsonValue().filter((id) => !/__proto__|constructor/.test(JSON.stringify(id))),
    },
  );

  test('whatever is asked for is refused without a call, or asked for once, as one encoded segment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyId, { minLength: 1, maxLength: 30 }), async (ids) => {
        road.defender.ledger.reset();
        const { data, errors } = await road.ask({
          query: ENTITIES,
          variables: users(...ids),
          token: await strangerOn(road),
        });
        expect(data._entities).toHaveLength(ids.length);
        const refused = new Set(errors.map(({ path }) => path[1]));
        expect(errors.every(({ extensions }) => extensions.code === 'BAD_USER_INPUT')).toBe(true);

        const paths = road.defender.ledger.calls.map(({ path }) => path);
        expect(road.defender.ledger.strays).toEqual([]);
        expect(new Set(paths).size).toBe(paths.length);
        for (const path of paths) expect(path).toMatch(/^\/api\/users\/[^/?#]+\/machines$/);
        const asked = ids.filter((_, index) => !refused.has(index)).map((id) => userNameFrom(id));
        expect(paths.toSorted()).toEqual(
          [...new Set(asked)]
            .map((name) => `/api/users/${encodeURIComponent(name)}/machines`)
            .toSorted(),
        );
      }),
      { numRuns: 25 },
    );
  });
});
