import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config.ts';

const CLOUD = { DEFENDER_CLOUD: 'global' };
const URL = 'rediss://:password@redis:6380';
const SECRET = 'x'.repeat(32);
const NEWER = 'y'.repeat(40);

describe('What replicas share', () => {
  test('is nothing without a Redis', () => {
    expect(loadConfig(CLOUD).redis).toBeUndefined();
    expect(loadConfig({ ...CLOUD, SHARED_CACHE_SECRET: SECRET }).redis).toBeUndefined();
  });

  test('needs a Redis and a secret, or several', () => {
    const env = { ...CLOUD, REDIS_URL: URL, SHARED_CACHE_SECRET: SECRET };
    expect(loadConfig(env).redis).toEqual({ url: URL, secrets: [SECRET], replicas: 1 });
    const several = { SHARED_CACHE_SECRET: `${NEWER}, ${SECRET}`, DEFENDER_REPLICAS: '3' };
    expect(loadConfig({ ...env, ...several }).redis).toEqual({
      ...{ url: URL, secrets: [NEWER, SECRET], replicas: 3 },
    });
  });

  test('may come from files', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'secrets-'));
    const [url, secret] = [path.join(directory, 'url'), path.join(directory, 'secret')];
    writeFileSync(url, `${URL}\n`);
    writeFileSync(secret, `${NEWER},${SECRET}\n`);
    const env = { ...CLOUD, REDIS_URL_FILE: url, SHARED_CACHE_SECRET_FILE: secret };
    expect(loadConfig(env).redis).toMatchObject({ url: URL, secrets: [NEWER, SECRET] });
  });

  test.each([
    [{ REDIS_URL: URL }, /^ {2}SHARED_CACHE_SECRET is missing and must be at least 32 random/m],
    [{ REDIS_URL: 'http://secret', SHARED_CACHE_SECRET: SECRET }, /^ {2}REDIS_URL must be redis/m],
    [{ SHARED_CACHE_SECRET: 'short' }, /^ {2}SHARED_CACHE_SECRET must be secrets of at least 32/m],
    [{ SHARED_CACHE_SECRET: `${SECRET},` }, /^ {2}SHARED_CACHE_SECRET must be secrets of at/m],
    [{ DEFENDER_REPLICAS: '0' }, /^ {2}DEFENDER_REPLICAS must be a whole number from 1 to 1000$/m],
  ])('is refused where it is configured wrongly, and no value is repeated', (env, problem) => {
    expect(() => loadConfig({ ...CLOUD, ...env })).toThrow(problem);
    const values = Object.values(env).filter((value) => value.length > 3);
    for (const value of values) expect(() => loadConfig({ ...CLOUD, ...env })).not.toThrow(value);
  });
});
