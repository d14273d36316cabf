import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OTHER_TENANT, startStage, TENANT, type Stage, type TokenOptions } from './setting.ts';

let stage: Stage;
let partitionOf: (options?: TokenOptions, name?: string) => Promise<string>;

beforeAll(async () => {
  stage = await startStage();
  const { authenticate } = stage.subject({ allowedTenants: [TENANT, OTHER_TENANT] });
  partitionOf = async (options, name) =>
    (await authenticate(await stage.token(options, name))).partition;
});
afterAll(() => stage.emulator.close());

const scopes = (...names: string[]): TokenOptions => ({ scopes: names });
const claims = (more: Record<string, unknown>): TokenOptions => ({ claims: more });

describe('the partition', () => {
  test.each<[string, TokenOptions, TokenOptions]>([
    ['a renewed token', { expiresInSeconds: 7_200, claims: { uti: 'new' } }, {}],
    ['the other version of token', { version: 1 }, {}],
    ['the other order of scopes', scopes('a', 'b'), scopes('b', 'a')],
    ['a repeated scope', scopes('a', 'a'), scopes('a')],
    ['the other order of roles', claims({ roles: ['x', 'y'] }), claims({ roles: ['y', 'x'] })],
  ])('is the same for %s', async (_, one, other) => {
    expect(await partitionOf(one)).toBe(await partitionOf(other));
  });

  test.each<[string, TokenOptions]>([
    ['another application', claims({ azp: 'notebook' })],
    ['one scope more', scopes('access_as_user', 'more')],
    ['a role', claims({ roles: ['Reader'] })],
    [
      'a scope that is a role elsewhere',
      { scopes: ['Reader'], claims: { roles: ['access_as_user'] } },
    ],
  ])('is another for %s', async (_, options) => {
    expect(await partitionOf(options)).not.toBe(await partitionOf());
  });

  test('is another for another person', async () => {
    expect(await partitionOf({}, 'bob')).not.toBe(await partitionOf());
  });

  test('is another for the same person in another tenant', async () => {
    expect(await partitionOf({ tenant: OTHER_TENANT })).not.toBe(await partitionOf());
  });

  test('does not mix its parts', async () => {
    const left = await partitionOf(claims({ oid: 'a","b', azp: 'c' }));
    expect(left).not.toBe(await partitionOf(claims({ oid: 'a', azp: 'b","c' })));
  });

  test('can not be computed without the key', async () => {
    const other = stage.subject({ partitionKey: Buffer.alloc(32, 8) });
    const { partition } = await other.authenticate(await stage.token());
    expect(partition).not.toBe(await partitionOf());
  });
});
