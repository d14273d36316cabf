import { z } from 'zod';
import { clouds, type CloudName } from './clouds.ts';
import { LOG_LEVELS } from './telemetry/log.ts';

const USER_KEYS = ['id', 'userPrincipalName', 'id-requires-upn'] as const;

/** How the supergraph keys its User: which of the files in schema/user is served. */
export type UserKey = (typeof USER_KEYS)[number];

export type Config = ReturnType<typeof loadConfig>;

/** Its message lists every variable that is missing or wrong, each with its rule. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One whole number, `fallback` where it is not set. */
function whole(fallback: number, least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(rule).int(rule).min(least, rule).max(most, rule).default(fallback);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const API_URL_RULE =
  'must be an origin such as https://api.security.microsoft.com; http is taken only for a loopback address outside production';

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, hostname } = new URL(text);
  const isPlainLoopback = protocol === 'http:' && LOOPBACK.includes(hostname);
  return (protocol === 'https:' || isPlainLoopback) && [origin, `${origin}/`].includes(text);
}

const variables = z
  .object({
    AUTH_MODE: oneOf(['forward']).default('forward'),
    CACHE_MAX_MEGABYTES: whole(64, 1, 65_536),
    CACHE_NEGATIVE_TTL_SECONDS: whole(60, 0, 86_400),
    CACHE_TTL_SECONDS: whole(300, 0, 86_400),
    DEFENDER_API_URL: z.string().refine(isOrigin, API_URL_RULE).optional(),
    DEFENDER_CLOUD: oneOf(Object.keys(clouds) as CloudName[]).optional(),
    DEFENDER_MAX_CONCURRENCY: whole(50, 1, 1_000),
    DEFENDER_MAX_RESPONSE_MEGABYTES: whole(32, 1, 1_024),
    DEFENDER_TIMEOUT_SECONDS: whole(10, 1, 300),
    HOST: z.string().default('127.0.0.1'),
    LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
    MAX_BODY_MEGABYTES: whole(4, 1, 256),
    MAX_USERS_PER_REQUEST: whole(5_000, 1, 100_000),
    NODE_ENV: z.string().optional(),
    PORT: whole(4_001, 0, 65_535),
    REQUEST_DEADLINE_SECONDS: whole(25, 1, 300),
    USER_KEY: oneOf(USER_KEYS).default('id'),
  })
  .superRefine((value, context) => {
    if (value.DEFENDER_CLOUD === undefined && value.DEFENDER_API_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['DEFENDER_CLOUD'],
        message: `is missing and must be one of ${Object.keys(clouds).join(', ')}`,
      });
    }
    if (value.NODE_ENV === 'production' && value.DEFENDER_API_URL?.startsWith('http:')) {
      context.addIssue({ code: 'custom', path: ['DEFENDER_API_URL'], message: API_URL_RULE });
    }
  });

/** Reads every variable that this service knows; an empty one counts as not set. Throws a ConfigError. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = variables.safeParse(given);
  if (error) {
    const problems = error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
    throw new ConfigError(`The configuration is not usable:\n${problems.toSorted().join('\n')}`);
  }
  return {
    isProduction: data.NODE_ENV === 'production',
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    userKey: data.USER_KEY,
    maxBodyBytes: data.MAX_BODY_MEGABYTES * MEBIBYTE,
    maxUsersPerRequest: data.MAX_USERS_PER_REQUEST,
    requestDeadlineMilliseconds: data.REQUEST_DEADLINE_SECONDS * SECOND,
    cache: {
      maxBytes: data.CACHE_MAX_MEGABYTES * MEBIBYTE,
      ttlMilliseconds: data.CACHE_TTL_SECONDS * SECOND,
      negativeTtlMilliseconds: data.CACHE_NEGATIVE_TTL_SECONDS * SECOND,
    },
    defender: {
      apiUrl: data.DEFENDER_API_URL ?? clouds[data.DEFENDER_CLOUD ?? 'global'].apiUrl,
      maxConcurrency: data.DEFENDER_MAX_CONCURRENCY,
      timeoutMilliseconds: data.DEFENDER_TIMEOUT_SECONDS * SECOND,
      maxResponseBytes: data.DEFENDER_MAX_RESPONSE_MEGABYTES * MEBIBYTE,
    },
  };
}

const MEBIBYTE = 1_048_576;
const SECOND = 1_000;
