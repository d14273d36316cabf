import { expect, test } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { LoginHost } from '../../src/auth/loginHost.ts';
import { observedLogin } from '../../src/auth/observedLogin.ts';
import { createTracing } from '../../src/telemetry/openTelemetry.ts';
import { tally } from '../telemetry/tally.ts';

const POST = { method: 'POST' as const, headers: {}, signal: new AbortController().signal };
const URL_OF_TOKENS = 'https://login.example/tenant/oauth2/v2.0/token';

function observed(next: LoginHost) {
  const exporter = new InMemorySpanExporter();
  const tracing = createTracing(new SimpleSpanProcessor(exporter), 'machines');
  const { meter, counts } = tally();
  return { login: observedLogin(next, { meter, tracing, now: () => 0 }), counts, exporter };
}

test('an exchange and a fetch of keys are counted, timed and traced, each by its purpose', async () => {
  const { login, counts, exporter } = observed(async () => ({
    status: 400,
    headers: {},
    text: '{}',
  }));
  await login(URL_OF_TOKENS, { ...POST, body: 'assertion=secret' });
  await login('https://login.example/tenant/discovery/v2.0/keys', { ...POST, method: 'GET' });
  expect(counts).toEqual({
    'logins exchange 400': 1,
    'loginTime exchange': 1,
    'logins keys 400': 1,
    'loginTime keys': 1,
  });
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual([
    'login authority: exchange',
    'login authority: keys',
  ]);
  // Neither address nor body.
  expect(spans.map(({ attributes }) => attributes)).toEqual([
    { 'http.request.method': 'POST' },
    { 'http.request.method': 'GET' },
  ]);
});

test('silence is counted as an error, and stays one', async () => {
  const gone = new Error('gone');
  const { login, counts } = observed(() => Promise.reject(gone));
  await expect(login(URL_OF_TOKENS, POST)).rejects.toBe(gone);
  expect(counts).toEqual({ 'logins exchange error': 1, 'loginTime exchange': 1 });
});
