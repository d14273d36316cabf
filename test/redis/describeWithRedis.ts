import { describe } from '@jest/globals';
import { hasRedisServer } from './server.ts';

/** `describe` where this machine has a redis-server. */
export const describeWithRedis = hasRedisServer() ? describe : describe.skip;
