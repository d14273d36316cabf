import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type Meter } from './metrics.ts';

export interface Exposition {
  readonly meter: Meter;
  /** In Prometheus' text format 0.0.4. */
  text(): Promise<string>;
}

/** Told to prom-client when somebody looks: it takes longer to count there than all else that is done for a request. */
interface Count {
  readonly counter: { inc(by: number): void };
  pending: number;
}

type Name = keyof typeof METRICS;
type Metric = Counter | Gauge | Histogram;

/** The metrics of this service, and those of its process: event loop, garbage, memory. */
export function createExposition(): Exposition {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = new Map<Name, Metric>();
  for (const name of Object.keys(METRICS) as Name[]) metrics.set(name, created(name, registry));
  const counts = new Map<string, Count>();
  const histograms = new Map<string, Histogram.Internal<string>>();

  return {
    meter: {
      add(name, labels, by = 1) {
        const key = keyOf(name, labels);
        let count = counts.get(key);
        if (!count) {
          const counter = (metrics.get(name) as Counter).labels(labels);
          counts.set(key, (count = { counter, pending: 0 }));
        }
        count.pending += by;
      },
      observe(name, labels, value) {
        const key = keyOf(name, labels);
        let histogram = histograms.get(key);
        if (!histogram) {
          histogram = (metrics.get(name) as Histogram).labels(labels);
          histograms.set(key, histogram);
        }
        histogram.observe(value);
      },
      watch(name, read) {
        const metric = metrics.get(name);
        if (!metric || metric instanceof Histogram) return;
        Object.assign(metric, {
          async collect() {
            const readings = await read();
            metric.reset();
            for (const [labels, value] of readings) metric.inc(labels, value);
          },
        });
      },
    },
    text() {
      for (const count of counts.values()) {
        if (count.pending > 0) count.counter.inc(count.pending);
        count.pending = 0;
      }
      return registry.metrics();
    },
  };
}

function keyOf(name: Name, labels: Readonly<Record<string, string>>): string {
  let key: string = name;
  for (const label of METRICS[name].labels) key += ` ${labels[label]}`;
  return key;
}

function created(key: Name, registry: Registry): Metric {
  const { kind, name, help, labels, ...rest } = METRICS[key];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') return new Counter(options);
  if (kind === 'gauge') return new Gauge(options);
  return new Histogram({ ...options, ...('buckets' in rest && { buckets: [...rest.buckets] }) });
}

export interface MetricsServer {
  /** Such as http://127.0.0.1:9464/metrics. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the exposition on a port of its own, which routers and clients need not reach. Each answer has `headers`. */
export async function serveMetrics(
  exposition: Exposition,
  host: string,
  port: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<MetricsServer> {
  const server = createServer(({ method, url }, response) => {
    response.setHeaders(new Map(Object.entries(headers)));
    if (method !== 'GET' || url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    exposition.text().then(
      (text) =>
        response
          .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
          .end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
