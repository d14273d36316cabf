import { RequestRecord } from './record.ts';
import type { Report } from './report.ts';
import { requestIdOf } from './requestId.ts';
import type { Instruments } from './instruments.ts';

export interface RecorderOptions extends Omit<Instruments, 'meter'> {
  readonly report: Report;
  readonly isAudited: boolean;
}

interface Incoming {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  /** The route, and never the path with what a client has put into it. */
  readonly route: string;
  readonly address: string;
}

/** One request while it is answered. */
export interface Recording {
  readonly record: RequestRecord;
  /** Runs `work` as part of the request's trace. */
  within(work: () => void): void;
  /** To be called once. `status` is that of HTTP, 499 where the client has gone without an answer. */
  end(status: number): void;
}

export type Recorder = (incoming: Incoming) => Recording;

/** From the first byte of a request to the last of its answer, by whatever road it is answered. */
export function createRecorder({ report, isAudited, tracing, now }: RecorderOptions): Recorder {
  return ({ headers, method, route, address }) => {
    const startedAt = now();
    const record = new RequestRecord(requestIdOf(headers['x-request-id']), address, isAudited);
    const span = tracing?.start(`${method} ${route}`, {
      kind: 'server',
      parent: headers,
      attributes: { 'http.request.method': method, 'http.route': route },
    });
    record.span = span;
    record.traceId = span?.traceId;
    return {
      record,
      within: span ? (work) => span.within(work) : (work) => work(),
      end(status) {
        report(record, status, now() - startedAt);
        if (!span) return;
        span.set({
          'http.response.status_code': status,
          'user_machines.request_id': record.id,
          'user_machines.road': record.road,
          'user_machines.users': record.users,
          'user_machines.live': record.live,
          'user_machines.cached': record.cached,
          'user_machines.stale': record.stale,
          'user_machines.failed': record.failed,
        });
        span.end(status >= 500 ? String(status) : undefined);
      },
    };
  };
}
