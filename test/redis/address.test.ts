import { describe, expect, test } from '@jest/globals';
import { redisAddressOf } from '../../src/redis/address.ts';

const PLAIN = {
  kind: 'server',
  nodes: [{ host: 'redis', port: 6379 }],
  isTls: false,
  username: undefined,
  password: undefined,
  database: 0,
  name: '',
};

describe('A Redis URL', () => {
  test.each([
    ['redis://redis', {}],
    ['rediss://redis', { isTls: true }],
    ['redis://redis:6380/3', { nodes: [{ host: 'redis', port: 6380 }], database: 3 }],
    ['redis://[::1]:1', { nodes: [{ host: '::1', port: 1 }] }],
    ['redis://:p%40ss%2F@redis', { password: 'p@ss/' }],
    ['redis://app:pass@redis', { username: 'app', password: 'pass' }],
    [
      'rediss+sentinel://app:pass@one:1,two/main',
      {
        ...{ kind: 'sentinel', isTls: true, username: 'app', password: 'pass', name: 'main' },
        nodes: [
          { host: 'one', port: 1 },
          { host: 'two', port: 6379 },
        ],
      },
    ],
    [
      'redis+cluster://one,two:2',
      {
        kind: 'cluster',
        nodes: [
          { host: 'one', port: 6379 },
          { host: 'two', port: 2 },
        ],
      },
    ],
  ])('%s names a Redis', (url, parts) => {
    expect(redisAddressOf(url)).toEqual({ ...PLAIN, ...parts });
  });

  test.each([
    ...['', 'redis', 'redis://', 'http://redis', 'redis+magic://redis', 'redis://one,two'],
    ...['redis://redis/main', 'redis://redis:port', 'redis://redis:65536', 'redis://re dis'],
    ...['redis+sentinel://one', 'redis+cluster://one/name', 'redis+cluster://one,,two'],
    ...['redis://:%zz@redis', ' redis://redis', 'redis://redis\n', 'redis://redis?db=1'],
  ])('%j names none', (url) => {
    expect(redisAddressOf(url)).toBeUndefined();
  });
});
