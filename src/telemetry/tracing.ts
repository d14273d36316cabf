import { Failure } from '../errors.ts';

/** Names of OpenTelemetry's semantic conventions where there is one. No token, query text, URL or user name. */
type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** Of W3C Trace Context: lets whoever is called take part in the trace. */
  readonly traceparent: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  set(attributes: Attributes): void;
  /** `errorType` where it has failed: a code and never a message. */
  end(errorType?: string): void;
  /** What is started while `work` runs, and after, is a child of this span. */
  within<T>(work: () => T): T;
}

interface SpanOptions {
  readonly kind?: 'server' | 'client';
  readonly attributes?: Attributes;
  /** A span, or what a client has sent: `traceparent` and `tracestate`. What runs now, unless given. */
  readonly parent?: Span | Readonly<Record<string, unknown>> | undefined;
}

/** Only there where tracing is switched on: who has none starts no span. */
export interface Tracing {
  start(name: string, options?: SpanOptions): Span;
  /** The span that runs now. */
  active(): Span | undefined;
  /** Sends what is not sent yet. */
  close(): Promise<void>;
}

/** A span for as long as `work` takes. */
export async function spanned<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await span.within(work);
    span.end();
    return result;
  } catch (error) {
    span.end(errorTypeOf(error));
    throw error;
  }
}

function errorTypeOf(error: unknown): string {
  if (error instanceof Failure) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
