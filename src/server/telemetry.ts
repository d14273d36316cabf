import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { derivedKey } from '../redis/derivedKey.ts';
import { traceRedis } from '../redis/traced.ts';
import { createAudit } from '../telemetry/audit.ts';
import type { Log } from '../telemetry/log.ts';
import { noInstruments, type Instruments } from '../telemetry/instruments.ts';
import { createPseudonyms } from '../telemetry/pseudonyms.ts';
import { createRecorder, type Recorder } from '../telemetry/recorder.ts';
import { createReport } from '../telemetry/report.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { SECURITY_HEADERS } from './securityHeaders.ts';

/** Milliseconds for spans that are not sent yet: a collector that does not answer keeps no process from its end. */
const LAST_SPANS = 1_500;

/** How this process is watched. */
export interface Telemetry {
  readonly instruments: Instruments;
  readonly recorder: Recorder;
  close(): Promise<void>;
}

/**
 * What is not switched on is not loaded: it would delay the start. Rejects where the port of the metrics is taken, or
 * the file of the audit can't be opened.
 */
export async function createTelemetry(
  config: Config,
  log: Log,
  given?: Tracing,
): Promise<Telemetry> {
  const { now } = noInstruments;
  const { telemetry } = config;
  const audit = telemetry.audit && createAudit(telemetry.audit, log);
  const tracing = given ?? (telemetry.tracing && (await startTracing(telemetry.tracing)));
  const stopTracingRedis = tracing && config.redis && traceRedis(tracing);
  const metrics = telemetry.metrics && (await startMetrics(telemetry.metrics));
  if (metrics) log.info({ url: metrics.server.url }, 'metrics');
  const meter = metrics?.meter ?? noInstruments.meter;

  const report = createReport({
    log,
    meter,
    audit,
    pseudonym: createPseudonyms(pseudonymKey(config)),
    logUserNames: telemetry.logUserNames,
    auditCaller: telemetry.auditCaller,
  });
  return {
    instruments: { meter, tracing, now },
    recorder: createRecorder({ report, isAudited: audit !== undefined, tracing, now }),
    async close() {
      stopTracingRedis?.();
      const flushed = tracing?.close().catch(() => {});
      const late = sleep(LAST_SPANS, undefined, { ref: false });
      await Promise.all([metrics?.server.close(), Promise.race([flushed, late])]);
      audit?.close();
    },
  };
}

async function startTracing(options: NonNullable<Config['telemetry']['tracing']>) {
  const { exportTraces } = await import('../telemetry/openTelemetry.ts');
  return exportTraces(options);
}

async function startMetrics({ host, port }: NonNullable<Config['telemetry']['metrics']>) {
  const { createExposition, serveMetrics } = await import('../telemetry/prometheus.ts');
  const exposition = createExposition();
  return {
    meter: exposition.meter,
    server: await serveMetrics(exposition, host, port, SECURITY_HEADERS),
  };
}

/** The same for all replicas and after a restart, where there is a secret to make it from. */
function pseudonymKey({ telemetry, redis }: Config): Uint8Array {
  const secret = telemetry.hashSecret ?? redis?.secrets.at(-1);
  return secret === undefined ? randomBytes(32) : derivedKey(secret, 'pseudonyms');
}
