import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { request } from 'undici';
import type { Config } from '../config.ts';
import { note, ok, wrong, type Finding } from './finding.ts';
import { whyNot, type Way } from './reach.ts';

/** Whether audit, metrics and traces get to where the configuration wants them. Sends no span and writes no line. */
export async function watchingFindings(
  { telemetry, isProduction }: Config,
  way: Way,
): Promise<Finding[]> {
  const { audit, metrics, tracing } = telemetry;
  const findings: Finding[] = [];
  if (typeof audit === 'object') findings.push(await auditFinding(audit.path));
  if (metrics && isProduction && ['127.0.0.1', 'localhost', '::1'].includes(metrics.host)) {
    findings.push(
      note('METRICS_HOST is this machine alone: in a container nobody collects them from there.'),
    );
  }
  if (tracing) findings.push(await collectorFinding(tracing.url, way));
  return findings;
}

async function auditFinding(file: string): Promise<Finding> {
  const canWrite = (to: string) =>
    access(to, constants.W_OK).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
  const why = await canWrite(file);
  const whyNoneIsMade = why === 'ENOENT' ? await canWrite(path.dirname(file)) : why;
  return whyNoneIsMade === undefined
    ? ok('The file of the audit can be written.')
    : wrong(
        `AUDIT_LOG: its file can't be written (${whyNoneIsMade}). Does its folder exist, and is it mounted, writable, for this user?`,
      );
}

async function collectorFinding(url: string, way: Way): Promise<Finding> {
  const { host } = new URL(url);
  try {
    const { body, statusCode } = await request(url, {
      method: 'GET',
      dispatcher: way.dispatcher,
      signal: AbortSignal.timeout(way.timeoutMilliseconds),
    });
    await body.dump();
    return ok(`The collector of traces answers at ${host}, status ${statusCode}.`);
  } catch (error) {
    return wrong(`The collector of traces: ${host} ${whyNot(error)}`);
  }
}
