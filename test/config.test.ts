import { describe, expect, test } from '@jest/globals';
import { clouds } from '../src/clouds.ts';
import { ConfigError, loadConfig } from '../src/config.ts';

const CLOUD = { DEFENDER_CLOUD: 'global' };

/** The problems that a configuration is refused with, one a line; none where it is taken. */
function problemsOf(env: Readonly<Record<string, string>>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [, ...problems] = error.message.split('\n');
    return problems.map((problem) => problem.trim());
  }
}

test('a cloud is all that must be said', () => {
  expect(loadConfig(CLOUD)).toEqual({
    isProduction: false,
    host: '127.0.0.1',
    port: 4001,
    logLevel: 'info',
    secrets: [],
    telemetry: {
      audit: undefined,
      auditCaller: 'hash',
      hashSecret: undefined,
      logUserNames: false,
      metrics: undefined,
      tracing: undefined,
    },
    userKey: 'id',
    maxBodyBytes: 4 * 1_048_576,
    maxDocumentTokens: 5_000,
    maxUsersPerRequest: 5_000,
    requestDeadlineMilliseconds: 25_000,
    shutdownGraceMilliseconds: 5_000,
    auth: { mode: 'forward' },
    protection: {
      corsOrigins: [],
      routerSecrets: [],
      maxConnections: 5_000,
      sendMilliseconds: 30_000,
      shedding: { eventLoopDelayMilliseconds: 1_000, heapPercent: 90 },
    },
    cache: {
      maxBytes: 64 * 1_048_576,
      ttlMilliseconds: 300_000,
      staleMilliseconds: 3_600_000,
      negativeTtlMilliseconds: 60_000,
    },
    defender: {
      apiUrl: 'https://api.security.microsoft.com',
      tokenAudience: 'https://api.securitycenter.microsoft.com',
      limits: { minute: 100, hour: 1_500 },
      maxWaitMilliseconds: 2_000,
      maxConcurrency: 50,
      timeoutMilliseconds: 10_000,
      maxResponseBytes: 32 * 1_048_576,
    },
  });
});

test('each variable reaches its own place', () => {
  const config = loadConfig({
    CACHE_MAX_MEGABYTES: '1',
    CACHE_NEGATIVE_TTL_SECONDS: '2',
    CACHE_STALE_SECONDS: '11',
    CACHE_TTL_SECONDS: '3',
    DEFENDER_API_URL: 'https://defender.contoso.com',
    DEFENDER_CALLS_PER_HOUR: '13',
    DEFENDER_CALLS_PER_MINUTE: '12',
    DEFENDER_MAX_WAIT_SECONDS: '14',
    DEFENDER_MAX_CONCURRENCY: '4',
    DEFENDER_MAX_RESPONSE_MEGABYTES: '5',
    DEFENDER_TIMEOUT_SECONDS: '6',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'debug',
    MAX_BODY_MEGABYTES: '7',
    MAX_DOCUMENT_TOKENS: '600',
    MAX_USERS_PER_REQUEST: '8',
    NODE_ENV: 'production',
    PORT: '9',
    REQUEST_DEADLINE_SECONDS: '10',
    SHUTDOWN_GRACE_SECONDS: '15',
    USER_KEY: 'id-requires-upn',
  });
  expect(config).toEqual({
    isProduction: true,
    host: '0.0.0.0',
    port: 9,
    logLevel: 'debug',
    secrets: [],
    telemetry: {
      audit: undefined,
      auditCaller: 'hash',
      hashSecret: undefined,
      logUserNames: false,
      metrics: undefined,
      tracing: undefined,
    },
    userKey: 'id-requires-upn',
    maxBodyBytes: 7 * 1_048_576,
    maxDocumentTokens: 600,
    maxUsersPerRequest: 8,
    requestDeadlineMilliseconds: 10_000,
    shutdownGraceMilliseconds: 15_000,
    auth: { mode: 'forward' },
    protection: {
      corsOrigins: [],
      routerSecrets: [],
      maxConnections: 5_000,
      sendMilliseconds: 30_000,
      shedding: { eventLoopDelayMilliseconds: 1_000, heapPercent: 90 },
    },
    cache: {
      maxBytes: 1_048_576,
      ttlMilliseconds: 3_000,
      staleMilliseconds: 11_000,
      negativeTtlMilliseconds: 2_000,
    },
    defender: {
      apiUrl: 'https://defender.contoso.com',
      limits: { minute: 12, hour: 13 },
      maxWaitMilliseconds: 14_000,
      maxConcurrency: 4,
      timeoutMilliseconds: 6_000,
      maxResponseBytes: 5 * 1_048_576,
    },
  });
});

test('without a cloud or an address there is nothing to fall back to', () => {
  const problem = `DEFENDER_CLOUD is missing and must be one of ${Object.keys(clouds).join(', ')}`;
  expect(problemsOf({})).toEqual([problem]);
  expect(problemsOf({ DEFENDER_CLOUD: '', DEFENDER_API_URL: '' })).toEqual([problem]);
});

test('all problems come in one message, each variable once with its rule', () => {
  expect(problemsOf({ LOG_LEVEL: 'loud', PORT: '-1.5', USER_KEY: 'upn' })).toEqual([
    expect.stringMatching(/^DEFENDER_CLOUD is missing and must be one of global, /),
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
    'PORT must be a whole number from 0 to 65535',
    'USER_KEY must be one of id, userPrincipalName, id-requires-upn',
  ]);
});

test('an empty variable counts as not set', () => {
  const names = ['AUTH_MODE', 'CACHE_TTL_SECONDS', 'HOST', 'NODE_ENV', 'PORT', 'USER_KEY'];
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  expect(loadConfig({ ...empty, ...CLOUD })).toEqual(loadConfig(CLOUD));
});

test('variables of other programs are let be', () => {
  expect(problemsOf({ ...CLOUD, PATH: '/usr/bin', DEFENDER_TENANT: 'contoso' })).toEqual([]);
});

test.each(Object.entries(clouds))('the cloud %s has its own API host', (name, { apiUrl }) => {
  expect(loadConfig({ DEFENDER_CLOUD: name }).defender.apiUrl).toBe(apiUrl);
});

test('an address of its own goes before that of the cloud', () => {
  const env = { DEFENDER_CLOUD: 'eu', DEFENDER_API_URL: 'https://defender.contoso.com:8443' };
  expect(loadConfig(env).defender.apiUrl).toBe('https://defender.contoso.com:8443');
});

describe.each([
  ['CACHE_MAX_MEGABYTES', 1, 65_536],
  ['CACHE_NEGATIVE_TTL_SECONDS', 0, 86_400],
  ['CACHE_TTL_SECONDS', 0, 86_400],
  ['DEFENDER_MAX_CONCURRENCY', 1, 1_000],
  ['DEFENDER_MAX_RESPONSE_MEGABYTES', 1, 1_024],
  ['DEFENDER_TIMEOUT_SECONDS', 1, 300],
  ['MAX_BODY_MEGABYTES', 1, 256],
  ['MAX_CONNECTIONS', 1, 1_000_000],
  ['MAX_DOCUMENT_TOKENS', 500, 100_000],
  ['MAX_USERS_PER_REQUEST', 1, 100_000],
  ['PORT', 0, 65_535],
  ['REQUEST_DEADLINE_SECONDS', 1, 300],
  ['SEND_TIMEOUT_SECONDS', 1, 3_600],
  ['SHED_EVENT_LOOP_DELAY_MS', 0, 60_000],
  ['SHED_HEAP_PERCENT', 0, 100],
  ['SHUTDOWN_GRACE_SECONDS', 0, 300],
])('%s', (name, least, most) => {
  test(`is a whole number from ${least} to ${most}`, () => {
    expect(problemsOf({ ...CLOUD, [name]: String(least) })).toEqual([]);
    expect(problemsOf({ ...CLOUD, [name]: String(most) })).toEqual([]);
  });

  test.each([String(least - 1), String(most + 1), '1.5', '0x10', '1e1', ' ', '7 ', 'ten'])(
    'is not %j',
    (value) => {
      expect(problemsOf({ ...CLOUD, [name]: value })).toEqual([
        `${name} must be a whole number from ${least} to ${most}`,
      ]);
    },
  );
});

test.each([
  ['AUTH_MODE', 'none'],
  ['AUTH_MODE', 'Forward'],
  ['DEFENDER_CLOUD', 'mars'],
  ['DEFENDER_CLOUD', 'toString'],
  ['LOG_LEVEL', 'verbose'],
  ['NODE_ENV', 'prod'],
  ['NODE_ENV', 'Production'],
  ['USER_KEY', 'ID'],
])('%s refuses a value that it does not know, such as %s', (name, value) => {
  expect(problemsOf({ ...CLOUD, [name]: value })).toEqual([
    expect.stringMatching(new RegExp(`^${name} must be one of \\w`)),
  ]);
});

describe('DEFENDER_API_URL', () => {
  const RULE = /^DEFENDER_API_URL must be an origin such as /;

  test.each(['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost:8080'])(
    'may be %s outside production, and never in it',
    (url) => {
      expect(problemsOf({ DEFENDER_API_URL: url })).toEqual([]);
      expect(problemsOf({ DEFENDER_API_URL: url, NODE_ENV: 'production' })).toEqual([
        expect.stringMatching(RULE),
      ]);
    },
  );

  test.each([
    'http://defender.contoso.com',
    'http://localhost.contoso.com',
    'http://127.0.0.1.contoso.com',
    'https://user:secret@defender.contoso.com',
    'https://defender.contoso.com/api',
    'https://defender.contoso.com?a=b',
    'ftp://127.0.0.1',
    'defender.contoso.com',
  ])('is never %s', (url) => {
    for (const NODE_ENV of ['development', 'production']) {
      expect(problemsOf({ DEFENDER_API_URL: url, NODE_ENV })).toEqual([
        expect.stringMatching(RULE),
      ]);
    }
  });

  test('may be https anywhere, with or without a slash at its end', () => {
    for (const url of ['https://defender.contoso.com', 'https://defender.contoso.com/']) {
      expect(problemsOf({ DEFENDER_API_URL: url, NODE_ENV: 'production' })).toEqual([]);
    }
  });
});
