import { describe, expect, test } from '@jest/globals';
import { bytesOf } from '../../src/machines/weight.ts';
import { machineOf } from '../machines/anyMachine.ts';
import { sightingAt } from '../machines/sightings.ts';
import { ask, isExecuted, learn, open, QUERY } from './asking.ts';
import { representations } from './setting.ts';

describe('the memory of renderings', () => {
  test('is part of the cache: where they do not fit, the sighting stays', async () => {
    const machines = [machineOf({ id: 'one' })];
    const key = 'a partition is a digest of 43 characters...'.length + '/user1'.length;
    const maxBytes = bytesOf({ ...sightingAt(0), machines }) + 2 * key + 100;
    const road = await open({ upstream: () => machines, maxBytes });
    await learn(road, ['user1']);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(true);
    expect(road.calls).toHaveLength(1);
  });

  test('keeps sixteen questions of a user, and lets the first of them go', async () => {
    const road = await open();
    const asking = (n: number) => () =>
      road.post({
        query: QUERY.replace('machineCount', `count${n}: machineCount`),
        variables: { representations: representations('user1') },
      });
    for (let n = 0; n < 17; n += 1) {
      await asking(n)();
      await asking(n)();
    }
    expect(await isExecuted(road, asking(1))).toBe(false);
    expect(await isExecuted(road, asking(0))).toBe(true);
    expect(road.calls).toHaveLength(1);
  });

  test('lets no document take many times what is known of a user', async () => {
    const road = await open({ upstream: () => [machineOf({ id: 'one' })] });
    const aliases = Array.from({ length: 100 }, (_, n) => `${'a'.repeat(200)}${n}: machineCount`);
    const variables = { representations: representations('user1') };
    const large = { query: QUERY.replace('machineCount', aliases.join(' ')), variables };
    await learn(road, ['user1']);
    await road.post(large);
    await road.post(large);
    expect(await isExecuted(road, () => road.post(large))).toBe(true);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(false);
  });

  test('does not keep what is asked in a document for the first time', async () => {
    const road = await open();
    await ask(road, ['user1']);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(true);
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(false);
  });
});
