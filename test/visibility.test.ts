import { afterAll, beforeAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { makeSigningKey, type SigningKey } from '../emulator/signingKeys.ts';
import { openRoad, type Road } from './road.ts';
import { play, spliced, story, type Tokens } from './visibility.ts';

const LIFE = { ttlSeconds: 300, staleSeconds: 3_600 };

describe('nobody ever sees a device that Defender would not have shown to them at that moment', () => {
  let road: Road;
  afterAll(() => road.close());

  describe('in forward mode', () => {
    beforeAll(async () => {
      road = await openRoad();
    });

    test('by the very token', async () => {
      await hold({
        issue: (name, expiresInSeconds) =>
          road.defender.issuer.defenderToken(name, { expiresInSeconds }),
        partition: ({ token }) => token,
        forgeries: async (own, other) => [spliced(own, other)],
        leeway: 0,
      });
    }, 180_000);
  });

  describe('on behalf of', () => {
    let foreign: SigningKey;
    beforeAll(async () => {
      await road.close();
      road = await openRoad({ AUTH_MODE: 'on-behalf-of' });
      foreign = await makeSigningKey();
    });

    test('by the verified person and scopes', async () => {
      const { issuer } = road.defender;
      await hold({
        issue: (name, expiresInSeconds, scopes) =>
          issuer.userToken(name, { expiresInSeconds, scopes }),
        partition: ({ caller, scopes }) => `${caller} ${scopes.join(' ')}`,
        forgeries: (own, { caller, token }) =>
          Promise.all([
            Promise.resolve(spliced(own, { ...own, token })),
            issuer.userToken(caller, { alg: 'none' }),
            issuer.userToken(caller, { alg: 'HS256' }),
            issuer.userToken(caller, { alg: 'PS256' }),
            issuer.userToken(caller, { key: foreign }),
            issuer.userToken(caller, { tenant: '0d9f51c4-41b7-4a52-8a5e-2f1e6f0a7c11' }),
            issuer.userToken(caller, { expiresInSeconds: -61 }),
            issuer.userToken(caller, { notBeforeInSeconds: 61, expiresInSeconds: 600 }),
            issuer.userToken(caller, { audience: 'api://somebody-else' }),
            issuer.userToken(caller, { claims: { idtyp: 'app' } }),
            issuer.defenderToken(caller),
          ]),
        // RFC 7519 lets a verifier allow for clocks that differ.
        leeway: 60_000,
      });
    }, 180_000);
  });

  function hold(tokens: Tokens): Promise<void> {
    const property = fc.asyncProperty(story, (steps) => play(road, tokens, steps, LIFE));
    return fc.assert(property, { numRuns: 50 });
  }
});
