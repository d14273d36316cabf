import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OTHER_TENANT, startIssuer, TENANT, type Claims, type Issuer } from './issuer.ts';
import { createSubject, goodClaims, START } from './setting.ts';

let issuer: Issuer;
let partitionOf: (over?: Claims) => Promise<string>;

beforeAll(async () => {
  issuer = await startIssuer();
  const subject = createSubject(issuer, { allowedTenants: [TENANT, OTHER_TENANT] });
  partitionOf = async (over) => {
    const caller = await subject.authenticate(await issuer.sign(goodClaims(issuer, over)));
    return caller.partition;
  };
});
afterAll(() => issuer.close());

describe('the partition', () => {
  test.each<[string, Claims]>([
    ['a renewed token', { iat: START / 1000 + 60, exp: START / 1000 + 7_200, uti: 'new' }],
    ['the other order of scopes', { scp: 'b Machines.Read a' }],
    ['a repeated scope', { scp: 'a b Machines.Read Machines.Read' }],
    ['the other order of roles', { scp: 'a b Machines.Read', roles: ['x', 'y'] }],
  ])('is the same for %s', async (_, over) => {
    const base = over['uti']
      ? {}
      : { scp: 'a b Machines.Read', ...(over['roles'] ? { roles: ['y', 'x'] } : {}) };
    expect(await partitionOf(over)).toBe(await partitionOf(base));
  });

  test.each<[string, () => Claims]>([
    ['another person', () => ({ oid: 'person-b' })],
    ['another tenant', () => ({ tid: OTHER_TENANT, iss: `${issuer.url}/${OTHER_TENANT}/v2.0` })],
    ['another application', () => ({ azp: 'notebook' })],
    ['one scope more', () => ({ scp: 'Machines.Read more' })],
    ['a role', () => ({ roles: ['Reader'] })],
    ['a scope that is a role elsewhere', () => ({ scp: 'Reader', roles: ['Machines.Read'] })],
  ])('is another for %s', async (_, over) => {
    expect(await partitionOf(over())).not.toBe(await partitionOf());
  });

  test('does not mix its parts', async () => {
    const left = await partitionOf({ oid: 'a","b', azp: 'c' });
    const right = await partitionOf({ oid: 'a', azp: 'b","c' });
    expect(left).not.toBe(right);
  });

  test('can not be computed without the key', async () => {
    const token = await issuer.sign(goodClaims(issuer));
    const other = createSubject(issuer, { partitionKey: Buffer.alloc(32, 8) });
    expect((await other.authenticate(token)).partition).not.toBe(await partitionOf());
  });
});
