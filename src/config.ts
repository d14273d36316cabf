import { z } from 'zod';
import { clouds, type CloudName } from './clouds.ts';
import { ENTRA_SECRETS, entraVariables, onBehalfOf, wrongInEntra } from './config/entra.ts';
import {
  PROTECTION_SECRETS,
  protectionOf,
  protectionVariables,
  wrongInProtection,
} from './config/protection.ts';
import { REDIS_SECRETS, redisOf, redisVariables, wrongInRedis } from './config/redis.ts';
import { oneOf, origin, ORIGIN_RULE, whole } from './config/rules.ts';
import { withSecretFiles, type Given } from './config/secretFiles.ts';
import {
  secretsIn,
  TELEMETRY_SECRETS,
  telemetryOf,
  telemetryVariables,
} from './config/telemetry.ts';
import { LOG_LEVELS } from './telemetry/log.ts';

const NODE_ENVS = ['development', 'test', 'production'] as const;
const USER_KEYS = ['id', 'userPrincipalName', 'id-requires-upn'] as const;

/** How the supergraph keys its User: which of the files in schema/user is served. */
export type UserKey = (typeof USER_KEYS)[number];

export type Config = ReturnType<typeof loadConfig>;

/** Its message lists every variable that is missing or wrong, each with its rule. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const variables = z.object({
  ...entraVariables,
  ...protectionVariables,
  ...redisVariables,
  ...telemetryVariables,
  AUTH_MODE: oneOf(['forward', 'on-behalf-of']).default('forward'),
  CACHE_MAX_MEGABYTES: whole(64, 1, 65_536),
  CACHE_NEGATIVE_TTL_SECONDS: whole(60, 0, 86_400),
  CACHE_STALE_SECONDS: whole(3_600, 0, 86_400),
  CACHE_TTL_SECONDS: whole(300, 0, 86_400),
  DEFENDER_API_URL: origin().optional(),
  DEFENDER_CALLS_PER_HOUR: whole(1_500, 1, 1_000_000),
  DEFENDER_CALLS_PER_MINUTE: whole(100, 1, 1_000_000),
  DEFENDER_CLOUD: oneOf(Object.keys(clouds) as CloudName[]).optional(),
  DEFENDER_MAX_CONCURRENCY: whole(50, 1, 1_000),
  DEFENDER_MAX_RESPONSE_MEGABYTES: whole(32, 1, 1_024),
  DEFENDER_MAX_WAIT_SECONDS: whole(2, 0, 300),
  DEFENDER_TIMEOUT_SECONDS: whole(10, 1, 300),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  MAX_BODY_MEGABYTES: whole(4, 1, 256),
  MAX_DOCUMENT_TOKENS: whole(5_000, 500, 100_000),
  MAX_USERS_PER_REQUEST: whole(5_000, 1, 100_000),
  NODE_ENV: oneOf(NODE_ENVS).default('development'),
  PORT: whole(4_001, 0, 65_535),
  REQUEST_DEADLINE_SECONDS: whole(25, 1, 300),
  SHUTDOWN_GRACE_SECONDS: whole(5, 0, 300),
  USER_KEY: oneOf(USER_KEYS).default('id'),
});

/** Variables whose values nobody may print. */
export const SECRETS = [
  ...ENTRA_SECRETS,
  ...PROTECTION_SECRETS,
  ...REDIS_SECRETS,
  ...TELEMETRY_SECRETS,
];

/** What is wrong with variables together, each of which may be right. */
function wrongTogether(given: Given): string[] {
  const problems = [...wrongInEntra(given), ...wrongInProtection(given), ...wrongInRedis(given)];
  const isUnbound = given.DEFENDER_CLOUD === undefined && given.DEFENDER_API_URL === undefined;
  if (isUnbound && given.AUTH_MODE !== 'on-behalf-of') {
    problems.push(`DEFENDER_CLOUD is missing and must be one of ${Object.keys(clouds).join(', ')}`);
  }
  for (const name of ['DEFENDER_API_URL', 'ENTRA_AUTHORITY_URL']) {
    if (given.NODE_ENV === 'production' && given[name]?.startsWith('http:')) {
      problems.push(`${name} ${ORIGIN_RULE}`);
    }
  }
  return problems;
}

/** Reads every variable that this service knows; an empty one counts as not set. Throws a ConfigError. */
export function loadConfig(env: Given) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { given, problems: unreadable } = withSecretFiles(set, SECRETS);
  const { data, error } = variables.safeParse(given);
  const problems = new Set([...unreadable, ...wrongTogether(given)]);
  for (const { path, message } of error?.issues ?? []) problems.add(`${path.join('.')} ${message}`);
  if (error || problems.size > 0) {
    const lines = [...problems].toSorted().map((problem) => `  ${problem}`);
    throw new ConfigError(`The configuration is not usable:\n${lines.join('\n')}`);
  }
  const cloud = clouds[data.DEFENDER_CLOUD ?? 'global'];
  return {
    isProduction: data.NODE_ENV === 'production',
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    userKey: data.USER_KEY,
    maxBodyBytes: data.MAX_BODY_MEGABYTES * MEBIBYTE,
    maxDocumentTokens: data.MAX_DOCUMENT_TOKENS,
    maxUsersPerRequest: data.MAX_USERS_PER_REQUEST,
    requestDeadlineMilliseconds: data.REQUEST_DEADLINE_SECONDS * SECOND,
    shutdownGraceMilliseconds: data.SHUTDOWN_GRACE_SECONDS * SECOND,
    auth: data.AUTH_MODE === 'forward' ? { mode: 'forward' as const } : onBehalfOf(data, cloud),
    protection: protectionOf(data),
    redis: redisOf(data),
    telemetry: telemetryOf(data),
    /** Never to be read in a log. */
    secrets: secretsIn(given, SECRETS),
    cache: {
      maxBytes: data.CACHE_MAX_MEGABYTES * MEBIBYTE,
      ttlMilliseconds: data.CACHE_TTL_SECONDS * SECOND,
      staleMilliseconds: data.CACHE_STALE_SECONDS * SECOND,
      negativeTtlMilliseconds: data.CACHE_NEGATIVE_TTL_SECONDS * SECOND,
    },
    defender: {
      apiUrl: data.DEFENDER_API_URL ?? cloud.apiUrl,
      /** The resource that tokens for Defender name; undefined where no cloud is. */
      tokenAudience: data.DEFENDER_TOKEN_AUDIENCE ?? (data.DEFENDER_CLOUD && cloud.tokenAudience),
      limits: { minute: data.DEFENDER_CALLS_PER_MINUTE, hour: data.DEFENDER_CALLS_PER_HOUR },
      maxWaitMilliseconds: data.DEFENDER_MAX_WAIT_SECONDS * SECOND,
      maxConcurrency: data.DEFENDER_MAX_CONCURRENCY,
      timeoutMilliseconds: data.DEFENDER_TIMEOUT_SECONDS * SECOND,
      maxResponseBytes: data.DEFENDER_MAX_RESPONSE_MEGABYTES * MEBIBYTE,
    },
  };
}

const MEBIBYTE = 1_048_576;
const SECOND = 1_000;
