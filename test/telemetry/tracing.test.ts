import { describe, expect, test } from '@jest/globals';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '../../src/errors.ts';
import { createTracing } from '../../src/telemetry/openTelemetry.ts';
import { spanned } from '../../src/telemetry/tracing.ts';

function tracingInMemory() {
  const exporter = new InMemorySpanExporter();
  const tracing = createTracing(new SimpleSpanProcessor(exporter), 'machines');
  const spans = () =>
    Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]));
  return { tracing, spans };
}

const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;

describe('a trace', () => {
  test('goes on where the client began it', () => {
    const { tracing, spans } = tracingInMemory();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const span = tracing.start('in', { kind: 'server', parent: { traceparent } });
    expect(span.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    span.end();
    expect(spans()['in']?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  test('is not sampled where the client says so, and what is called hears of it', () => {
    const { tracing, spans } = tracingInMemory();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    const span = tracing.start('in', { parent: { traceparent } });
    expect(span.traceparent).toMatch(/-00$/);
    span.end();
    expect(spans()).toEqual({});
  });

  test.each(['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    'begins anew where a client sends %j',
    (traceparent) => {
      const { tracing } = tracingInMemory();
      expect(tracing.start('in', { parent: { traceparent } }).traceId).toMatch(
        /^(?!0{32})[0-9a-f]{32}$/,
      );
    },
  );

  test('has as children what runs within a span, also after it has waited', async () => {
    const { tracing, spans } = tracingInMemory();
    await spanned(tracing.start('outer'), async () => {
      await setImmediate();
      await Promise.all(
        ['one', 'other'].map((name) =>
          spanned(tracing.start(name), async () => {
            await setImmediate();
            tracing.start(`below ${name}`).end();
          }),
        ),
      );
    });
    const { outer, one, other, 'below one': belowOne, 'below other': belowOther } = spans();
    expect(outer?.parentSpanContext).toBeUndefined();
    expect([one, other].map((span) => span?.parentSpanContext?.spanId)).toEqual([
      idOf(outer),
      idOf(outer),
    ]);
    expect(belowOne?.parentSpanContext?.spanId).toBe(idOf(one));
    expect(belowOther?.parentSpanContext?.spanId).toBe(idOf(other));
    expect(tracing.active()).toBeUndefined();
  });

  test('names what failed by its code, and holds neither message nor stack', async () => {
    const { tracing, spans } = tracingInMemory();
    const failure = new Failure('RATE_LIMITED', 'a message', {}, { cause: new Error('a cause') });
    await expect(spanned(tracing.start('fails'), () => Promise.reject(failure))).rejects.toBe(
      failure,
    );
    const { fails } = spans();
    expect(fails?.attributes).toEqual({ 'error.type': 'RATE_LIMITED' });
    expect([fails?.events, fails?.status]).toEqual([[], { code: 2 }]);
  });

  test('says which service it is from', () => {
    const { tracing, spans } = tracingInMemory();
    tracing.start('span').end();
    expect(spans()['span']?.resource.attributes['service.name']).toBe('machines');
  });
});
