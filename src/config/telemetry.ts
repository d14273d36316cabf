import { z } from 'zod';
import { oneOf, wholeIfSet } from './rules.ts';
import type { Given } from './secretFiles.ts';

const LEAST_CHARACTERS = 32;
const YES_NO = ['true', 'false'] as const;

const AUDIT_RULE = 'must be one of off, log or the path of a file';
const HTTP_RULE = 'must be a URL such as http://collector:4318';

/** How this service can be watched. What OpenTelemetry alone reads is not here: see its specification. */
export const telemetryVariables = {
  AUDIT_CALLER: oneOf(['hash', 'subject']).default('hash'),
  AUDIT_LOG: z
    .string()
    .refine((to) => to === 'off' || to === 'log' || /^\.?\.?\//.test(to), AUDIT_RULE)
    .default('off'),
  LOG_HASH_SECRET: z
    .string()
    .min(LEAST_CHARACTERS, `must have at least ${LEAST_CHARACTERS} characters`)
    .optional(),
  LOG_USER_NAMES: oneOf(YES_NO).default('false'),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: wholeIfSet(0, 65_535),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: HTTP_RULE }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/, error: HTTP_RULE }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: oneOf(['http/protobuf']).optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: oneOf(['http/protobuf']).optional(),
  OTEL_SDK_DISABLED: oneOf(YES_NO).default('false'),
  OTEL_SERVICE_NAME: z.string().default('defender-user-machines'),
  OTEL_TRACES_EXPORTER: oneOf(['otlp', 'none']).optional(),
};

export const TELEMETRY_SECRETS = ['LOG_HASH_SECRET'];

type TelemetryVariables = z.infer<z.ZodObject<typeof telemetryVariables>>;

export function telemetryOf(data: TelemetryVariables) {
  const { AUDIT_LOG: auditLog, METRICS_PORT: port } = data;
  return {
    /** Undefined where there is no audit. */
    audit:
      auditLog === 'off' ? undefined : auditLog === 'log' ? ('log' as const) : { path: auditLog },
    auditCaller: data.AUDIT_CALLER,
    logUserNames: data.LOG_USER_NAMES === 'true',
    hashSecret: data.LOG_HASH_SECRET,
    /** Undefined where nothing is measured. */
    metrics: port === undefined ? undefined : { host: data.METRICS_HOST, port },
    tracing: tracingOf(data),
  };
}

/** Undefined where nothing is traced. The names of the variables and what they mean are OpenTelemetry's. */
function tracingOf(data: TelemetryVariables) {
  const exporter = data.OTEL_TRACES_EXPORTER;
  const endpoint = data.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracesEndpoint = data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const isNamed = exporter === 'otlp' || (endpoint ?? tracesEndpoint) !== undefined;
  if (data.OTEL_SDK_DISABLED === 'true' || exporter === 'none' || !isNamed) return undefined;
  const base = (endpoint ?? 'http://localhost:4318').replace(/\/$/, '');
  return { url: tracesEndpoint ?? `${base}/v1/traces`, serviceName: data.OTEL_SERVICE_NAME };
}

/** All values that must not be in a log, of variables whose secrets have been read. */
export function secretsIn(given: Given, names: readonly string[]): string[] {
  const values = names.flatMap((name) => given[name] ?? []);
  return values.flatMap((value) => [value, ...value.split(','), ...passwordsIn(value)]);
}

function passwordsIn(url: string): string[] {
  const [, password] = /^\w+(?:\+\w+)?:\/\/[^@/]*:([^@/]+)@/.exec(url) ?? [];
  return password === undefined ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
