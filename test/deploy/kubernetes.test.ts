import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { startFlags } from '../process/startFlags.ts';
import { loadConfig } from '../../src/config.ts';

const FOLDER = path.join(__dirname, '../../deploy/kubernetes');
const NAME = 'defender-user-machines';

// Tests read into manifests by path; what is not there fails their expectations.
// oxlint-disable-next-line typescript/no-explicit-any
function manifest(file: string): any {
  return parse(readFileSync(path.join(FOLDER, file), 'utf8'));
}

const deployment = manifest('deployment.yaml');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const configMap = readFileSync(path.join(FOLDER, 'configmap.yaml'), 'utf8');

/** The environment that the container gets, from the config map as given. */
function environment(text: string): Record<string, string> {
  const { data } = parse(text) as { readonly data: Record<string, string> };
  const own = container.env as readonly { readonly name: string; readonly value: string }[];
  return { ...data, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) };
}

/** The config map with those lines as values that are comments there. */
function uncommented(...names: readonly string[]): string {
  return names.reduce((text, name) => text.replace(`# ${name}: `, `${name}: `), configMap);
}

test('the base lists every manifest', () => {
  const files = readdirSync(FOLDER).filter((name) => /^(?!kustomization).*\.yaml$/.test(name));
  expect(new Set(manifest('kustomization.yaml').resources)).toEqual(new Set(files));
});

describe('the configuration', () => {
  test('is one that the server takes, listens beyond its own loopback, and shares out the budget', () => {
    const config = loadConfig(environment(configMap));
    expect(config).toMatchObject({ host: '0.0.0.0', isProduction: true });
    expect(container.ports).toContainEqual({ name: 'http', containerPort: config.port });
    const { metrics } = config.telemetry;
    expect(metrics?.host).toBe('0.0.0.0');
    expect(container.ports).toContainEqual({ name: 'metrics', containerPort: metrics?.port });
    const { replicas } = deployment.spec;
    expect(config.defender.limits).toEqual({ minute: 100 / replicas, hour: 1_500 / replicas });
    expect(environment(configMap)['DEFENDER_REPLICAS']).toBe(String(replicas));
    expect(deployment.spec.strategy.rollingUpdate.maxSurge).toBe(0);
  });

  test('with its comments as values is taken on behalf of callers, by the token that is projected', () => {
    const entra = ['ENTRA_TENANT_ID', 'ENTRA_CLIENT_ID', 'ENTRA_REQUIRED_SCOPE'];
    const config = loadConfig(
      environment(uncommented('AUTH_MODE', 'ENTRA_FEDERATED_TOKEN_FILE', ...entra)),
    );
    const { name, mountPath } = mountOf('entra');
    const [source] = volume(name).projected.sources;
    expect(source.serviceAccountToken).toMatchObject({ audience: 'api://AzureADTokenExchange' });
    expect(config.auth).toMatchObject({
      requiredScope: 'access_as_user',
      credential: {
        kind: 'federated',
        tokenFile: `${mountPath}/${source.serviceAccountToken.path}`,
      },
    });
  });

  test('with its comments as values writes an audit and sends traces to where they may go', () => {
    const config = loadConfig(environment(uncommented('AUDIT_LOG', 'OTEL_EXPORTER_OTLP_ENDPOINT')));
    const { audit, tracing } = config.telemetry;
    const { hostname, port } = new URL(tracing?.url ?? '');
    const namespace = { matchLabels: { 'kubernetes.io/metadata.name': hostname.split('.')[1] } };
    expect(audit).toBe('log');
    expect(manifest('networkpolicy.yaml').spec.egress).toContainEqual({
      to: [{ namespaceSelector: namespace }],
      ports: [{ port: Number(port) }],
    });
  });

  test('with its comments as values reads the secrets where they are mounted', () => {
    const files = [
      ...['REDIS_URL_FILE', 'SHARED_CACHE_SECRET_FILE'],
      ...['LOG_HASH_SECRET_FILE', 'ROUTER_SECRET_FILE'],
    ];
    const env = environment(uncommented(...files));
    const { name, mountPath } = mountOf('secrets');
    expect(volume(name).secret).toMatchObject({ secretName: NAME, optional: true });
    for (const variable of files) {
      expect(path.dirname(env[variable] ?? '')).toBe(mountPath);
      expect(() => loadConfig(env)).toThrow(`${variable} must name a file that can be read`);
    }
  });

  const mountOf = (name: string) =>
    container.volumeMounts.find((mount: { name: string }) => mount.name === name);
  const volume = (name: string) => pod.volumes.find((one: { name: string }) => one.name === name);
});

describe('the pod', () => {
  test('can do nothing that it need not', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(manifest('serviceaccount.yaml').automountServiceAccountToken).toBe(false);
    for (const mount of container.volumeMounts) expect(mount.readOnly).toBe(true);
  });

  test('is the user of the image', () => {
    const dockerfile = readFileSync(path.join(FOLDER, '../../Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(new RegExp(`^USER ${pod.securityContext.runAsUser}$`, 'm'));
  });

  test('is started by the image as by npm start', () => {
    const dockerfile = readFileSync(path.join(FOLDER, '../../Dockerfile'), 'utf8');
    const [, command = '[]'] = /^CMD (.*)$/m.exec(dockerfile) ?? [];
    expect(JSON.parse(command)).toEqual(['node', ...startFlags(), 'dist/main.js']);
  });

  test('has room for what it remembers', () => {
    const { cache } = loadConfig(environment(configMap));
    const bytes = Number(container.resources.limits.memory.replace('Mi', '')) * 1_048_576;
    expect(bytes).toBeGreaterThanOrEqual(4 * cache.maxBytes);
    expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory']);
  });

  test('is left as long as a stop takes', () => {
    const config = loadConfig(environment(configMap));
    const stop = config.shutdownGraceMilliseconds + config.requestDeadlineMilliseconds;
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(stop + 2_000);
  });

  test('is asked whether it lives and whether it is ready at different paths', () => {
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });
});

test('all select the pods of the deployment', () => {
  const labels = deployment.spec.template.metadata.labels;
  expect(deployment.spec.selector.matchLabels).toEqual(labels);
  expect(manifest('service.yaml').spec.selector).toEqual(labels);
  expect(manifest('poddisruptionbudget.yaml').spec.selector.matchLabels).toEqual(labels);
  expect(manifest('networkpolicy.yaml').spec.podSelector.matchLabels).toEqual(labels);
});

test('nobody comes in but the router, and who collects metrics to theirs alone', () => {
  const { policyTypes, ingress } = manifest('networkpolicy.yaml').spec;
  expect(policyTypes).toEqual(['Ingress', 'Egress']);
  for (const { from } of ingress) expect(from).toHaveLength(1);
  expect(ingress.map(({ ports }: { ports: object[] }) => ports)).toEqual([
    [{ port: 'http' }],
    [{ port: 'metrics' }],
  ]);
  expect(ingress[0].from[0]).toHaveProperty('podSelector');
  expect(ingress[1].from[0]).toHaveProperty('namespaceSelector');
});

test('nothing goes out but to names, Defender, Entra, a collector of traces and Redis', () => {
  const { egress } = manifest('networkpolicy.yaml').spec;
  const ports = egress.flatMap(({ ports: some }: { ports: { port: number }[] }) =>
    some.map(({ port }) => port),
  );
  expect(ports).toEqual([53, 53, 443, 4318, 6379]);
  for (const { to } of egress) expect(to).toHaveLength(1);
});

test('the component for the Prometheus Operator collects from the port of metrics of these pods', () => {
  expect(manifest('monitoring/kustomization.yaml')).toMatchObject({
    kind: 'Component',
    resources: ['podmonitor.yaml'],
  });
  const { selector, podMetricsEndpoints } = manifest('monitoring/podmonitor.yaml').spec;
  expect(selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
  expect(podMetricsEndpoints).toEqual([{ port: 'metrics', path: '/metrics', interval: '30s' }]);
});
