import { z } from 'zod';
import { redisAddressOf, REDIS_URL_RULE } from '../redis/address.ts';
import { listOf, whole } from './rules.ts';
import type { Given } from './secretFiles.ts';

const LEAST_CHARACTERS = 32;

/** What replicas share; without REDIS_URL, each process is for itself. */
export const redisVariables = {
  DEFENDER_REPLICAS: whole(1, 1, 1_000),
  REDIS_URL: z
    .string()
    .refine((url) => redisAddressOf(url) !== undefined, REDIS_URL_RULE)
    .optional(),
  SHARED_CACHE_SECRET: listOf(
    (secret) => secret.length >= LEAST_CHARACTERS,
    `must be secrets of at least ${LEAST_CHARACTERS} characters with commas between them, the newest first`,
  ).optional(),
};

export const REDIS_SECRETS = ['REDIS_URL', 'SHARED_CACHE_SECRET'];

/** What is wrong with these variables together, each of which may be right. */
export function wrongInRedis(given: Given): string[] {
  if (given.REDIS_URL === undefined || given.SHARED_CACHE_SECRET !== undefined) return [];
  return [
    `SHARED_CACHE_SECRET is missing and must be at least ${LEAST_CHARACTERS} random characters, the same for all replicas, where REDIS_URL is set`,
  ];
}

type RedisVariables = z.infer<z.ZodObject<typeof redisVariables>>;

/** Of variables that passed `wrongInRedis`. Undefined where nothing is shared. */
export function redisOf(data: RedisVariables) {
  const { REDIS_URL: url, SHARED_CACHE_SECRET: secrets = [] } = data;
  const [first] = secrets;
  if (url === undefined || first === undefined) return undefined;
  return { url, secrets: [first, ...secrets.slice(1)] as const, replicas: data.DEFENDER_REPLICAS };
}
