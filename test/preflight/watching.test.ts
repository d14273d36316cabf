import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { Agent } from 'undici';
import { loadConfig } from '../../src/config.ts';
import { watchingFindings } from '../../src/preflight/watching.ts';
import { startWiretap } from '../telemetry/wiretap.ts';
import { PreflightStage } from './stage.ts';

let stage: PreflightStage;
beforeEach(async () => {
  stage = await PreflightStage.open();
});
afterEach(() => stage.close());

test('audit and traces that get to where they are to go are right, and nothing is sent there', async () => {
  const collector = await startWiretap();
  const audit = `${stage.file('')}.audit`;
  try {
    const { status, wrong, text } = await stage.look(
      stage.forward({ AUDIT_LOG: audit, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
    );
    expect([status, wrong]).toEqual([0, []]);
    expect(text).toContain('The file of the audit can be written.');
    expect(text).toContain('The collector of traces answers at 127.0.0.1:');
    expect([existsSync(audit), collector.bodies]).toEqual([false, ['']]);
  } finally {
    await collector.close();
  }
});

test.each(['/nowhere/audit.jsonl', '/proc/version/audit.jsonl'])(
  'an audit that can not be written to %s is wrong',
  async (file) => {
    const { status, wrong } = await stage.look(stage.forward({ AUDIT_LOG: file }));
    expect([status, wrong]).toEqual([1, [expect.stringContaining("its file can't be written")]]);
  },
);

test('a collector that is not there is wrong', async () => {
  const { status, wrong } = await stage.look(
    stage.forward({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }),
  );
  expect([status, wrong]).toEqual([
    1,
    [expect.stringContaining('The collector of traces: 127.0.0.1:1 refuses the connection')],
  ]);
});

test('metrics for this machine alone are noted in production, and nowhere else', async () => {
  const way = { dispatcher: new Agent(), timeoutMilliseconds: 1_000, now: Date.now };
  const findings = (env: Readonly<Record<string, string>>) =>
    watchingFindings(loadConfig({ DEFENDER_CLOUD: 'global', METRICS_PORT: '9464', ...env }), way);
  const text = expect.stringContaining('METRICS_HOST is this machine alone');
  expect(await findings({ NODE_ENV: 'production' })).toEqual([{ verdict: 'note', text }]);
  expect(await findings({ NODE_ENV: 'production', METRICS_HOST: '0.0.0.0' })).toEqual([]);
  expect(await findings({})).toEqual([]);
});
