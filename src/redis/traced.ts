import { tracingChannel } from 'node:diagnostics_channel';
import type { Span, Tracing } from '../telemetry/tracing.ts';

interface Command {
  readonly command: string;
}

/**
 * A span for each command of Redis that is part of a request's trace, by the channel on which ioredis tells of them. The
 * returned function ends it. Keys and values stay out of it.
 */
export function traceRedis(tracing: Tracing): () => void {
  const channel = tracingChannel<string, Command>('ioredis:command');
  const spans = new WeakMap<object, Span>();
  const end = (message: Command, errorType?: string) => {
    spans.get(message)?.end(errorType);
    spans.delete(message);
  };
  const subscribers = {
    start(message: Command) {
      // What this service asks Redis by itself, such as whether it is there, is nobody's trace.
      if (!tracing.active()) return;
      const attributes = { 'db.system.name': 'redis', 'db.operation.name': message.command };
      spans.set(message, tracing.start(`redis ${message.command}`, { kind: 'client', attributes }));
    },
    end() {},
    asyncStart() {},
    asyncEnd: (message: Command) => end(message),
    error: (message: Command) => end(message, 'redis'),
  };
  channel.subscribe(subscribers);
  return () => channel.unsubscribe(subscribers);
}
