import { z } from 'zod';
import { isOrigin, listOf, whole } from './rules.ts';
import type { Given } from './secretFiles.ts';

/** Nobody guesses as many, and a header can carry each. A comma would end one of a list. */
const SECRET = /^[\x21-\x2B\x2D-\x7E]{32,}$/;

const ORIGINS_RULE =
  'must be exact origins such as https://people.contoso.com with commas between them; http is taken only for a loopback address outside production, and * never: any page could then use a token that it has got hold of';

/** What keeps the service from those whom it does not serve, and from more than it can do. */
export const protectionVariables = {
  CORS_ORIGINS: listOf((text) => isOrigin(text) && !/[*]|\/$/.test(text), ORIGINS_RULE).optional(),
  MAX_CONNECTIONS: whole(5_000, 1, 1_000_000),
  ROUTER_SECRET: listOf(
    (secret) => SECRET.test(secret),
    'must be secrets of at least 32 visible ASCII characters with commas between them, the newest first',
  ).optional(),
  SEND_TIMEOUT_SECONDS: whole(30, 1, 3_600),
  SHED_EVENT_LOOP_DELAY_MS: whole(1_000, 0, 60_000),
  SHED_HEAP_PERCENT: whole(90, 0, 100),
};

export const PROTECTION_SECRETS = ['ROUTER_SECRET'];

/** What is wrong with these variables in production, each of which may be right. */
export function wrongInProtection(given: Given): string[] {
  const origins = given.CORS_ORIGINS?.split(',').map((text) => text.trim()) ?? [];
  const isPlain = origins.some((origin) => origin.startsWith('http:'));
  return isPlain && given.NODE_ENV === 'production' ? [`CORS_ORIGINS ${ORIGINS_RULE}`] : [];
}

type ProtectionVariables = z.infer<z.ZodObject<typeof protectionVariables>>;

export function protectionOf(data: ProtectionVariables) {
  return {
    /** Empty where no page may ask. */
    corsOrigins: data.CORS_ORIGINS ?? [],
    /** Empty where whoever reaches the port may ask. */
    routerSecrets: data.ROUTER_SECRET ?? [],
    maxConnections: data.MAX_CONNECTIONS,
    sendMilliseconds: data.SEND_TIMEOUT_SECONDS * 1_000,
    shedding: {
      /** 0 for never. */
      eventLoopDelayMilliseconds: data.SHED_EVENT_LOOP_DELAY_MS,
      /** Of V8's limit. 0 for never. */
      heapPercent: data.SHED_HEAP_PERCENT,
    },
  };
}
