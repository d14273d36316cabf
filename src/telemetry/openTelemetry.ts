import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Span, Tracing } from './tracing.ts';

export interface OtlpOptions {
  /** Where spans are sent, as OTLP over HTTP in protobuf: https://collector.example:4318/v1/traces. */
  readonly url: string;
  readonly serviceName: string;
}

/**
 * Sends spans to a collector. Sampling, batching, headers, compression, time limits and resource attributes are read by
 * OpenTelemetry itself, from its standard variables.
 */
export function exportTraces({ url, serviceName }: OtlpOptions): Tracing {
  return createTracing(new BatchSpanProcessor(new OTLPTraceExporter({ url })), serviceName);
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT };

/** OpenTelemetry's own globals are left alone: what other libraries would trace by them stays out of these traces. */
export function createTracing(processor: SpanProcessor, serviceName: string): Tracing {
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': serviceName })),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('defender-user-machines');
  const contexts = new AsyncLocalStorageContextManager().enable();
  const propagator = new W3CTraceContextPropagator();

  return {
    start(name, { kind, attributes, parent } = {}) {
      const context = contextOf(parent, contexts, propagator);
      const options = {
        kind: kind ? KINDS[kind] : SpanKind.INTERNAL,
        attributes: { ...attributes },
      };
      return spanOf(tracer.startSpan(name, options, context), context, contexts);
    },
    active() {
      const context = contexts.active();
      const span = trace.getSpan(context);
      return span && spanOf(span, context, contexts);
    },
    close: () => provider.shutdown(),
  };
}

class OpenSpan implements Span {
  readonly context: Context;
  readonly #span: OtelSpan;
  readonly #contexts: AsyncLocalStorageContextManager;

  constructor(span: OtelSpan, context: Context, contexts: AsyncLocalStorageContextManager) {
    this.#span = span;
    this.context = context;
    this.#contexts = contexts;
  }

  get traceparent() {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-0${traceFlags.toString(16)}`;
  }

  get traceId() {
    return this.#span.spanContext().traceId;
  }

  set(attributes: Readonly<Record<string, string | number | boolean>>) {
    this.#span.setAttributes({ ...attributes });
  }

  end(errorType?: string) {
    if (errorType !== undefined) {
      this.#span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }

  within<T>(work: () => T): T {
    return this.#contexts.with(this.context, work);
  }
}

function spanOf(span: OtelSpan, around: Context, contexts: AsyncLocalStorageContextManager): Span {
  return new OpenSpan(span, trace.setSpan(around, span), contexts);
}

function contextOf(
  parent: Span | Readonly<Record<string, unknown>> | undefined,
  contexts: AsyncLocalStorageContextManager,
  propagator: W3CTraceContextPropagator,
): Context {
  if (parent === undefined) return contexts.active();
  if (parent instanceof OpenSpan) return parent.context;
  return propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter);
}
