import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config.ts';

const load = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ DEFENDER_CLOUD: 'global', ...env });
const SECRET = 's'.repeat(32);
const NEWER = '!~'.repeat(20);

describe('CORS_ORIGINS', () => {
  test('lets no page ask unless it is set', () => {
    expect(load().protection.corsOrigins).toEqual([]);
    const CORS_ORIGINS = 'https://a.example, https://b.example:8443,http://localhost:5173';
    expect(load({ CORS_ORIGINS }).protection.corsOrigins).toEqual([
      ...['https://a.example', 'https://b.example:8443', 'http://localhost:5173'],
    ]);
  });

  test.each([
    '*',
    'https://a.example,*',
    'https://*.example',
    'https://a.example/',
    'https://a.example/page',
    'HTTPS://a.example',
    'https://a.example:443',
    'http://a.example',
    'null',
    'a.example',
    'https://a.example,',
  ])('is no list of exact origins: %s', (CORS_ORIGINS) => {
    expect(() => load({ CORS_ORIGINS })).toThrow(
      /CORS_ORIGINS must be exact origins such as .* and \* never: any page could then use a token/,
    );
  });

  test('has no plain http in production', () => {
    const env = { NODE_ENV: 'production' };
    const plain = 'https://a.example, http://localhost:5173';
    expect(() => load({ ...env, CORS_ORIGINS: plain })).toThrow('CORS_ORIGINS must be exact');
    expect(load({ ...env, CORS_ORIGINS: 'https://a.example' }).isProduction).toBe(true);
  });
});

describe('ROUTER_SECRET', () => {
  test('is one, or several, or in a file', () => {
    expect(load().protection.routerSecrets).toEqual([]);
    expect(load({ ROUTER_SECRET: SECRET }).protection.routerSecrets).toEqual([SECRET]);
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'secrets-')), 'router');
    writeFileSync(file, `${NEWER},${SECRET}\n`);
    const { protection, secrets } = load({ ROUTER_SECRET_FILE: file });
    expect(protection.routerSecrets).toEqual([NEWER, SECRET]);
    expect(secrets).toEqual(expect.arrayContaining([NEWER, SECRET]));
  });

  test.each(['short', 's'.repeat(31), `${SECRET},short`, `${SECRET} `.repeat(2), 'ü'.repeat(40)])(
    'is none, and is not repeated: %j',
    (ROUTER_SECRET) => {
      const rule =
        'ROUTER_SECRET must be secrets of at least 32 visible ASCII characters with commas between them';
      expect(() => load({ ROUTER_SECRET })).toThrow(rule);
      expect(() => load({ ROUTER_SECRET })).not.toThrow(ROUTER_SECRET);
    },
  );
});

test('the other limits reach their own places', () => {
  expect(
    load({
      MAX_CONNECTIONS: '1',
      SEND_TIMEOUT_SECONDS: '2',
      SHED_EVENT_LOOP_DELAY_MS: '3',
      SHED_HEAP_PERCENT: '4',
    }).protection,
  ).toMatchObject({
    maxConnections: 1,
    sendMilliseconds: 2_000,
    shedding: { eventLoopDelayMilliseconds: 3, heapPercent: 4 },
  });
});
