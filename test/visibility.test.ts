import { afterAll, beforeAll, test } from '@jest/globals';
import fc from 'fast-check';
import { openRoad, type Road } from './road.ts';
import { play, story, type Tokens } from './visibility.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());

test('nobody ever sees a device that Defender would not have shown to that very token', async () => {
  const tokens: Tokens = {
    issue: (callerName, expiresInSeconds) =>
      road.defender.issuer.defenderToken(callerName, { expiresInSeconds }),
    partition: ({ token }) => token,
  };
  await fc.assert(
    fc.asyncProperty(story, (steps) => play(road, tokens, steps, 300)),
    { numRuns: 60 },
  );
}, 60_000);
