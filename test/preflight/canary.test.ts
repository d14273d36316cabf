import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { SECRETS } from '../../src/config.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../auth/certificate.ts';
import { Processes } from '../process/processes.ts';
import { PreflightStage } from './stage.ts';

let stage: PreflightStage;
const processes = new Processes();
beforeAll(async () => {
  stage = await PreflightStage.open();
});
afterAll(async () => {
  processes.end();
  await stage.close();
});

const CANARY = 'canary-7f3a91c2';
const SHARED = `${CANARY}-of-thirty-two-characters-at-least`;

/** Every secret set, by variable or by file. */
function everySecret(how: 'variables' | 'files'): Record<string, string> {
  const secrets: Record<string, string> = {
    ENTRA_CERTIFICATE: CERTIFICATE,
    ENTRA_CERTIFICATE_KEY: PRIVATE_KEY,
    REDIS_URL: `redis://user:${CANARY}@127.0.0.1:1`,
    LOG_HASH_SECRET: `${SHARED}-hash`,
    ROUTER_SECRET: `${SHARED}-router-new,${SHARED}-router-old`,
    SHARED_CACHE_SECRET: `${SHARED}-new,${SHARED}-old`,
  };
  const { ENTRA_CLIENT_SECRET: _, ...env } = stage.onBehalfOf();
  for (const [name, value] of Object.entries(secrets)) {
    if (how === 'variables') env[name] = value;
    else env[`${name}_FILE`] = stage.file(value);
  }
  return env;
}

const linesOf = (pem: string) => pem.split('\n').filter((line) => line.length > 40);

test.each(['variables', 'files'] as const)(
  'the configuration is printed without secrets that %s hold',
  async (how) => {
    const env = everySecret(how);
    const { status, text: said } = await stage.look(env, ['--print-config']);
    expect(status).toBe(0);
    const shown = JSON.parse(said) as Record<string, unknown>;
    expect(shown).toMatchObject({
      auth: { clientId: stage.defender.application.clientId, credential: { kind: 'certificate' } },
      cache: { ttlMilliseconds: 300_000 },
      redis: { nodes: [{ host: '127.0.0.1', port: 1 }], hasLogin: true },
    });
    expect(said).not.toContain(CANARY);
    for (const line of linesOf(PRIVATE_KEY)) expect(said).not.toContain(line);
    expect(said).not.toContain('PRIVATE KEY');
  },
);

test('each variable that holds a secret is among those that are hidden', () => {
  expect([...SECRETS].toSorted()).toEqual([
    'ENTRA_CERTIFICATE',
    'ENTRA_CERTIFICATE_KEY',
    'ENTRA_CLIENT_SECRET',
    'LOG_HASH_SECRET',
    'REDIS_URL',
    'ROUTER_SECRET',
    'SHARED_CACHE_SECRET',
  ]);
});

test('a client secret is not printed', async () => {
  const env = stage.onBehalfOf({ ENTRA_CLIENT_SECRET: CANARY });
  const { text: said } = await stage.look(env, ['--print-config', '--check']);
  expect(said).toContain('"kind": "secret"');
  expect(said).not.toContain(CANARY);
});

test('no look prints a token or any part of one', async () => {
  const token = await stage.defender.issuer.defenderToken('alice', { claims: { upn: CANARY } });
  const wrongOnes = [token, `${token}x`, `Bearer ${token}`, `"${token}"`, `${CANARY}.${CANARY}`];
  for (const one of wrongOnes) {
    for (const env of [stage.forward(), everySecret('variables'), everySecret('files')]) {
      const { text: said } = await stage.lookAtToken(env, one);
      for (const part of [...token.split('.'), CANARY]) expect(said).not.toContain(part);
    }
  }
});

test('a token in place of an option is not printed', async () => {
  for (const args of [[CANARY], [`--${CANARY}`], ['--check', CANARY], ['--token']]) {
    const { status, text: said } = await stage.look(stage.forward(), args);
    expect(status).toBe(2);
    expect(said).toContain('--check');
    expect(said).not.toContain(CANARY);
  }
});

test('a configuration that is wrong is told as at a start, without what is wrong in it', async () => {
  const { status, text: said } = await stage.look({ ENTRA_TENANT_ID: CANARY, PORT: CANARY });
  expect(status).toBe(1);
  expect(said).toContain('DEFENDER_CLOUD is missing');
  expect(said).toContain('PORT must be');
  expect(said).not.toContain(CANARY);
});

test('the process ends by itself with the status of the look, and listens to nobody', async () => {
  const run = async (args: readonly string[], env = stage.onBehalfOf()) => {
    const { child, exited } = processes.start(env, args);
    const [out, err, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      exited,
    ]);
    return { out, err, status };
  };
  expect(await run(['--check'])).toEqual({
    out: expect.stringContaining('The configuration is complete.'),
    err: '',
    status: 0,
  });
  const down = {
    ...stage.onBehalfOf(),
    REDIS_URL: 'redis://127.0.0.1:1',
    SHARED_CACHE_SECRET: SHARED,
  };
  expect(await run(['--check'], down)).toMatchObject({ err: '', status: 1 });
  expect((await run(['--help'])).out).toContain('--print-config');
}, 90_000);
