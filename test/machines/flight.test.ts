import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { shared } from '../../src/machines/flight.ts';
import type { MachinesOfUser, Sighting } from '../../src/machines/sighting.ts';
import { strangerOn } from '../defender/strangers.ts';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';
import { callerWith, deferred, sightingAt, USER_1, USER_2 } from './sightings.ts';

const alice = callerWith('alice');
const leaving = () => new AbortController();

/** Flights that land when the test lets them, in the order of their departure. */
function airport() {
  const departed: ReturnType<typeof departure>[] = [];
  function departure(key: string, signal: AbortSignal) {
    return { key, signal, ...deferred<Sighting>() };
  }
  const next: MachinesOfUser = (caller, userName, signal) => {
    const flight = departure(`${caller.partition}/${userName}`, signal);
    departed.push(flight);
    return flight.promise;
  };
  return { departed, machinesOf: shared(next) };
}

describe('a flight', () => {
  test('is one for the same caller and user, and another for each other caller and user', async () => {
    const { departed, machinesOf } = airport();
    const { signal } = leaving();
    const asked = [
      machinesOf(alice, USER_1, signal),
      machinesOf(callerWith('alice'), USER_1, signal),
      machinesOf(alice, USER_2, signal),
      machinesOf(callerWith('bob'), USER_1, signal),
    ];
    expect(departed.map(({ key }) => key)).toEqual(['alice/user1', 'alice/user2', 'bob/user1']);
    for (const [index, { resolve }] of departed.entries()) resolve(sightingAt(index));
    const landed = await Promise.all(asked);
    expect(landed.map(({ readAt }) => readAt)).toEqual([0, 0, 1, 2]);
  });

  test('goes on for those who stay', async () => {
    const { departed, machinesOf } = airport();
    const [leaver, stayer] = [leaving(), leaving()];
    const left = machinesOf(alice, USER_1, leaver.signal);
    const stayed = machinesOf(alice, USER_1, stayer.signal);
    leaver.abort('gone');
    await expect(left).rejects.toBe('gone');
    expect(departed[0]?.signal.aborted).toBe(false);
    departed[0]?.resolve(sightingAt(7));
    expect(await stayed).toMatchObject({ readAt: 7 });
  });

  test('is cancelled when the last has gone, and does not take along who comes then', async () => {
    const { departed, machinesOf } = airport();
    const [one, other] = [leaving(), leaving()];
    const asked = [machinesOf(alice, USER_1, one.signal), machinesOf(alice, USER_1, other.signal)];
    one.abort('gone');
    other.abort('gone too');
    await Promise.allSettled(asked);
    expect(departed[0]?.signal.aborted).toBe(true);

    const late = machinesOf(alice, USER_1, leaving().signal);
    expect(departed).toHaveLength(2);
    departed[0]?.reject(new Error('cancelled'));
    await Promise.allSettled([departed[0]?.promise]);
    const later = machinesOf(alice, USER_1, leaving().signal);
    expect(departed).toHaveLength(2);
    departed[1]?.resolve(sightingAt(2));
    expect(await Promise.all([late, later])).toMatchObject([{ readAt: 2 }, { readAt: 2 }]);
  });

  test('takes nobody who has gone already', async () => {
    const { departed, machinesOf } = airport();
    const gone = leaving();
    gone.abort('gone');
    await expect(machinesOf(alice, USER_1, gone.signal)).rejects.toBe('gone');
    expect(departed).toEqual([]);
  });

  test('that has landed is over: whoever comes next departs anew, after a failure too', async () => {
    const { departed, machinesOf } = airport();
    const { signal } = leaving();
    const failed = [machinesOf(alice, USER_1, signal), machinesOf(alice, USER_1, signal)];
    const failure = new Error('storm');
    departed[0]?.reject(failure);
    expect(await Promise.allSettled(failed)).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    const again = machinesOf(alice, USER_1, signal);
    departed[1]?.resolve(sightingAt(1));
    expect(await again).toMatchObject({ readAt: 1 });
    void machinesOf(alice, USER_1, signal);
    expect(departed).toHaveLength(3);
  });

  test('adds one listener to a request that lives on, however often it asks', async () => {
    const { departed, machinesOf } = airport();
    const { signal } = leaving();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof add>) => {
        listeners += 1;
        add(...given);
      },
      removeEventListener: (...given: Parameters<typeof remove>) => {
        listeners -= 1;
        remove(...given);
      },
    });
    for (let turn = 0; turn < 3; turn += 1) {
      const asked = machinesOf(alice, USER_1, signal);
      departed[turn]?.resolve(sightingAt(0));
      await asked;
    }
    expect(listeners).toBe(1);
  });
});

describe('over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ CACHE_STALE_SECONDS: '0' });
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  test('a request that goes away does not fail the other that waits for the same call', async () => {
    const held = road.defender.faults.next({}, { kind: 'held' });
    const leaver = leaving();
    const token = await strangerOn(road, 'alice');
    const question = { query: ENTITIES, variables: users('user1'), token };
    const left = road.ask({ ...question, signal: leaver.signal });
    await road.defender.ledger.arrived(1);
    // The other one has boarded when its second user, who is in the same batch, is asked for.
    const stayed = road.ask({ ...question, variables: users('user1', 'user3') });
    await road.defender.ledger.arrived(2);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    held.release();
    const { data, errors } = await stayed;
    expect(errors).toEqual([]);
    expect(data._entities[0].machines).toHaveLength(3);
    expect(road.defender.ledger.byUser).toEqual({ user1: 1, user3: 1 });
    expect(road.defender.ledger.aborted).toBe(0);
  });

  test('the call is cancelled at Defender when all who wait for it have gone', async () => {
    road.defender.faults.next({}, { kind: 'held' });
    const token = await strangerOn(road, 'alice');
    const leavers = [leaving(), leaving()];
    const left = leavers.map(({ signal }, index) =>
      road.ask({
        query: ENTITIES,
        variables: users('user1', `user${5 + index}`),
        token,
        signal,
      }),
    );
    await road.defender.ledger.arrived(3);
    expect(road.defender.ledger.byUser.user1).toBe(1);
    for (const leaver of leavers) leaver.abort();
    await Promise.allSettled(left);
    await road.defender.ledger.abortedBy(1);
    const after = await road.ask({ query: ENTITIES, variables: users('user1'), token });
    expect(after.errors).toEqual([]);
    expect(road.defender.ledger.byUser.user1).toBe(2);
  });

  test('a failure is shared by all who wait for it, and not remembered', async () => {
    const held = road.defender.faults.next({ user: 'user1' }, { kind: 'held' });
    road.defender.faults.next({ user: 'user1' }, { kind: 'status', status: 500 });
    const question = { query: ENTITIES, token: await strangerOn(road, 'alice') };
    const failing = ['user6', 'user7'].map((other) =>
      road.ask({ ...question, variables: users('user1', other) }),
    );
    await road.defender.ledger.arrived(3);
    held.release();
    for (const { data, errors } of await Promise.all(failing)) {
      expect(errors).toMatchObject([
        { path: ['_entities', 0, 'machines'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
      ]);
      expect(data._entities[1].machines).not.toBeNull();
    }
    const after = await road.ask({ ...question, variables: users('user1') });
    expect(after.errors).toEqual([]);
    expect(road.defender.ledger.byUser.user1).toBe(2);
  });
});
