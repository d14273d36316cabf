import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';

const load = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ DEFENDER_CLOUD: 'global', ...env });
const tracingWith = (env: Readonly<Record<string, string>>) => load(env).telemetry.tracing;
const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('traces are sent', () => {
  test('nowhere, unless a variable of OpenTelemetry says so', () => {
    expect(tracingWith({})).toBeUndefined();
    expect(tracingWith({ OTEL_SERVICE_NAME: 'machines' })).toBeUndefined();
  });

  test('to the endpoint that one of them names', () => {
    const serviceName = 'defender-user-machines';
    expect(tracingWith(COLLECTOR)).toEqual({ url: 'http://collector:4318/v1/traces', serviceName });
    const whole = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/traces' };
    expect(tracingWith({ ...COLLECTOR, ...whole })).toEqual({
      url: 'https://collector/traces',
      serviceName,
    });
    expect(tracingWith({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_SERVICE_NAME: 'machines' })).toEqual({
      url: 'http://localhost:4318/v1/traces',
      serviceName: 'machines',
    });
  });

  test('nowhere, where another says so', () => {
    expect(tracingWith({ ...COLLECTOR, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(tracingWith({ ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  });

  test('by no protocol but the one that there is', () => {
    expect(() => load({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow(
      'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf',
    );
    expect(() => load({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' })).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as',
    );
  });
});

test('metrics are served where there is a port for them', () => {
  expect(load({ METRICS_PORT: '9464' }).telemetry.metrics).toEqual({
    host: '127.0.0.1',
    port: 9464,
  });
  expect(load({ METRICS_HOST: '0.0.0.0' }).telemetry.metrics).toBeUndefined();
});

test('the audit goes to the log, or to a file', () => {
  expect(load({ AUDIT_LOG: 'log' }).telemetry.audit).toBe('log');
  expect(load({ AUDIT_LOG: './audit.jsonl' }).telemetry.audit).toEqual({ path: './audit.jsonl' });
  expect(load({ AUDIT_LOG: 'off' }).telemetry.audit).toBeUndefined();
});

test('what no log may hold are the secrets, one by one, and the password within a URL', () => {
  const secrets = ['a'.repeat(40), 'b'.repeat(40)];
  const url = 'rediss://user:pass%40word@redis:6379';
  const config = load({
    REDIS_URL: url,
    SHARED_CACHE_SECRET: secrets.join(','),
    LOG_HASH_SECRET: 'c'.repeat(40),
  });
  expect(config.secrets).toEqual(
    expect.arrayContaining([...secrets, 'c'.repeat(40), url, 'pass%40word', 'pass@word']),
  );
});

test('a secret to hash names with must be long enough', () => {
  expect(() => load({ LOG_HASH_SECRET: 'short' })).toThrow(
    'LOG_HASH_SECRET must have at least 32 characters',
  );
});
