import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { clockFindings, whyNot } from '../../src/preflight/reach.ts';
import { hasRedisServer, startRedisServer } from '../redis/server.ts';
import { PreflightStage } from './stage.ts';

let stage: PreflightStage;
beforeEach(async () => {
  stage = await PreflightStage.open();
});
afterEach(() => stage.close());

const TENANT = '0d9f51c4-41b7-4a52-8a5e-2f1e6f0a7c11';
const REDIS = { SHARED_CACHE_SECRET: 'a secret of at least so many characters' };

test('all that is named is reached, and no call is made', async () => {
  const { status, wrong, text } = await stage.look(stage.onBehalfOf());
  expect([status, wrong]).toEqual([0, []]);
  expect(text).toContain('The Defender API answers at 127.0.0.1:');
  expect(text).toMatch(/publishes 1 signing keys? of tenant/);
  expect(stage.defender.ledger.total).toBe(0);
  expect(stage.defender.ledger.exchanges.total).toBe(0);
});

describe('it says', () => {
  test('that nothing listens at the host of Defender', async () => {
    const { status, wrong } = await stage.look(
      stage.forward({ DEFENDER_API_URL: 'http://127.0.0.1:1' }),
    );
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining('127.0.0.1:1 refuses the connection')]);
  });

  test('that a host does not answer in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const env = stage.forward({
      DEFENDER_API_URL: `http://127.0.0.1:${port}`,
      DEFENDER_TIMEOUT_SECONDS: '1',
    });
    const { wrong } = await stage.look(env);
    silent.close();
    expect(wrong).toEqual([expect.stringContaining('does not answer in time')]);
  });

  test('that the login authority has no such tenant', async () => {
    stage.defender.keyFaults.always({}, { kind: 'status', status: 400 });
    const { status, wrong } = await stage.look(stage.onBehalfOf({ ENTRA_TENANT_ID: TENANT }));
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining(`does not know tenant ${TENANT} (status 400)`)]);
  });

  test.each([{ kind: 'notJson' }, { kind: 'status', status: 503 }] as const)(
    'that the login authority has no keys to give: %j',
    async (fault) => {
      stage.defender.keyFaults.always({}, fault);
      const { wrong } = await stage.look(stage.onBehalfOf());
      expect(wrong).toEqual([expect.stringContaining('has no signing keys to give')]);
    },
  );

  test('that the login authority can not be reached', async () => {
    const { wrong } = await stage.look(
      stage.onBehalfOf({ ENTRA_AUTHORITY_URL: 'http://127.0.0.1:1' }),
    );
    expect(wrong).toEqual([expect.stringMatching(/^The login authority: 127.0.0.1:1 refuses/)]);
  });

  test.each([
    ['ahead of', 3_600_000],
    ['behind', -3_600_000],
  ])('that the clock here is %s that of others', async (side, off) => {
    const { status, wrong } = await stage.look(
      stage.forward(),
      ['--check'],
      () => Date.now() + off,
    );
    expect(status).toBe(1);
    expect(wrong).toEqual([
      expect.stringMatching(new RegExp(`is (1 hour|59 minutes) ${side} that of`)),
    ]);
  });

  test('nothing of a clock that is as right as tokens need', () => {
    const at = Date.UTC(2026, 0, 5, 9);
    expect(clockFindings('host', new Date(at).toUTCString(), at + 59_000)).toEqual([]);
    expect(clockFindings('host', 'undefined', at)).toEqual([]);
  });

  test.each([
    ['ENOTFOUND', 'has no address here'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'not trusted'],
    ['UND_ERR_CONNECT_TIMEOUT', 'does not answer in time'],
    ['ECONNRESET', "can't be reached (ECONNRESET)"],
  ])('what %s means', (code, words) => {
    const error = Object.assign(new Error('canary'), { code });
    expect(whyNot(error)).toContain(words);
    expect(whyNot(new Error('outer', { cause: error }))).toContain(words);
  });

  test('that Redis is not there', async () => {
    const { wrong } = await stage.look(
      stage.forward({ ...REDIS, REDIS_URL: 'redis://127.0.0.1:1' }),
    );
    expect(wrong).toEqual([expect.stringContaining('Redis: 127.0.0.1:1 refuses the connection')]);
  });

  test('that the host of Defender is of no cloud, or of another one than the tokens', async () => {
    expect((await stage.look(stage.forward())).notes).toEqual([
      expect.stringContaining('the host of no cloud'),
    ]);
  });
});

(hasRedisServer() ? describe : describe.skip)('of a Redis it says', () => {
  test('that it answers, and that it refuses a password', async () => {
    const server = await startRedisServer();
    try {
      const at = (login: string) =>
        stage.look(
          stage.forward({ ...REDIS, REDIS_URL: `redis://${login}127.0.0.1:${server.port}` }),
        );
      expect((await at('')).text).toContain(`Redis answers at 127.0.0.1:${server.port}`);
      const { wrong, text } = await at('user:canary@');
      expect(wrong).toEqual([expect.stringContaining('refuses the user or password')]);
      expect(text).not.toContain('canary');
    } finally {
      await server.stop();
    }
  });
});

describe('of a federated token it says', () => {
  const about = (path: string) => {
    const { ENTRA_CLIENT_SECRET: _, ...env } = stage.onBehalfOf({
      ENTRA_FEDERATED_TOKEN_FILE: path,
    });
    return stage.look(env);
  };
  const token = (options: object) =>
    stage.defender.issuer.defenderToken('alice', {
      audience: 'api://AzureADTokenExchange',
      ...options,
    });

  test('that it is good', async () => {
    const { wrong, text } = await about(stage.file(await token({})));
    expect(wrong).toEqual([]);
    expect(text).toContain('federated token, good for 59 minutes');
  });

  test.each([
    ['has expired', { expiresInSeconds: -61 }, 'ran out 1 minute ago'],
    ['is for the cluster', { audience: 'https://kubernetes.default.svc' }, 'Entra takes one for'],
  ])('that it %s', async (_, options, words) => {
    const { wrong } = await about(stage.file(await token(options)));
    expect(wrong).toEqual([expect.stringContaining(words)]);
  });

  test('that there is none', async () => {
    expect((await about('/no/such/file')).wrong.join()).toContain('names no file');
    expect((await about(stage.file('x'))).wrong.join()).toContain('no JSON Web Token');
  });
});
