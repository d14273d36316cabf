import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLoginHost } from '../../src/auth/loginHost.ts';
import { startIssuer, TENANT, type Issuer } from './issuer.ts';

let issuer: Issuer;
let other: Issuer;

beforeEach(async () => {
  [issuer, other] = [await startIssuer(), await startIssuer()];
});
afterEach(() => Promise.all([issuer.close(), other.close()]));

const request = { method: 'GET', headers: {}, signal: new AbortController().signal } as const;

describe('the login host', () => {
  test('is the only one that is asked', async () => {
    const send = createLoginHost(issuer.url);
    const path = `/${TENANT}/discovery/v2.0/keys`;
    await expect(send(`${issuer.url}${path}`, request)).resolves.toMatchObject({ status: 200 });
    await expect(send(`${other.url}${path}`, request)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
    expect(other.keyFetches).toEqual([]);
  });
});
