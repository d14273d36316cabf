import type { RedisClient } from '../redis/connect.ts';

/** Milliseconds for which a generation is kept under which nothing has been written yet. Invented tokens make such. */
const UNUSED = 60_000;
/**
 * The same for one that a forgetting has made: until replicas that were cut off from Redis have come back. No longer,
 * since a 401 to an invented token makes one as well.
 */
const FORGOTTEN = 600_000;

/** Bytes read of an entry: what is longer was not written by this service, and does not open. */
const MOST_READ = 2_097_152;

/** The generation, made where there is none, and an entry. One atomic step. What is no text is no generation or entry. */
const FIND = `
local generation = redis.pcall('GETRANGE', KEYS[1], 0, 63)
if generation == '' then
  generation = ARGV[1]
  redis.call('SET', KEYS[1], generation, 'PX', ${UNUSED})
end
if type(generation) ~= 'string' then generation = '' end
local entry = KEYS[2] and redis.pcall('GETRANGE', KEYS[2], 0, ${MOST_READ})
return { generation, type(entry) == 'string' and entry or '' }
`;

/** An entry, if the generation is still the one under which it was read. The generation outlives its entries. */
const PUT = `
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`;

/** A new generation, by which all entries of the one before are out of reach, and word of it to all replicas. */
const FORGET = `
local left = redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', math.max(left, ${FORGOTTEN}))
return redis.call('PUBLISH', ARGV[2], ARGV[3])
`;

/** Ends a lease that is still one's own, and tells who waits. */
const RELEASE = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return redis.call('PUBLISH', ARGV[2], KEYS[1])
`;

export interface SharedScripts {
  sharedFindBuffer(
    keys: 1 | 2,
    ...keysAndArgs: readonly string[]
  ): Promise<readonly [Buffer, Buffer]>;
  sharedPut(...keysAndArgs: readonly (string | number | Buffer)[]): Promise<number>;
  sharedForget(...keysAndArgs: readonly string[]): Promise<number>;
  sharedRelease(...keysAndArgs: readonly string[]): Promise<number>;
}

export function withSharedScripts(client: RedisClient): RedisClient & SharedScripts {
  if (!('sharedFind' in client)) {
    client.defineCommand('sharedFind', { lua: FIND });
    client.defineCommand('sharedPut', { lua: PUT, numberOfKeys: 2 });
    client.defineCommand('sharedForget', { lua: FORGET, numberOfKeys: 1 });
    client.defineCommand('sharedRelease', { lua: RELEASE, numberOfKeys: 1 });
  }
  return client as RedisClient & SharedScripts;
}
