import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { loadConfig } from '../../../src/config.ts';
import { composeSupergraph } from '../compose.ts';

const HERE = path.join(__dirname, '..');
const read = (file: string) => readFileSync(path.join(HERE, file), 'utf8');
// Read by path; what is not there fails its expectation.
// oxlint-disable-next-line typescript/no-explicit-any
const yaml = (file: string): any => parseYaml(read(file));

/** Seconds that the machines take at most. */
const DEADLINE = loadConfig({ DEFENDER_CLOUD: 'global' }).requestDeadlineMilliseconds / 1_000;

/** What 5,000 users by name take in a request, with 100 characters for each name. */
const MOST_BYTES = 5_000 * 100;

describe.each(['router.yaml', 'router.graphos.yaml'])('%s', (file) => {
  const router = yaml(`apollo-router/${file}`);

  test('hands on what the machines need, to them alone, and shows their errors', () => {
    const named = router.headers.subgraphs.machines.request.map(
      ({ propagate }: { propagate: { named: string } }) => propagate.named,
    );
    expect(named).toEqual(['authorization', 'x-defender-priority']);
    expect(Object.keys(router.headers.subgraphs)).toEqual(['machines']);
    expect(router.headers.all).toBeUndefined();
    expect(router.include_subgraph_errors.subgraphs).toEqual({ machines: true });
  });

  test('waits longer than the machines do, and takes a request for as many users as they do', () => {
    const { traffic_shaping: shaping, limits } = router;
    const subgraph = Number.parseInt(shaping.subgraphs.machines.timeout, 10);
    expect(subgraph).toBeGreaterThan(DEADLINE);
    expect(Number.parseInt(shaping.router.timeout, 10)).toBeGreaterThan(subgraph);
    expect(limits.router.http_max_request_bytes).toBeGreaterThan(MOST_BYTES);
  });
});

test('router.graphos.yaml is router.yaml and a response cache in which each caller has a part', () => {
  const { response_cache: cache, rhai, ...others } = yaml('apollo-router/router.graphos.yaml');
  expect(others).toEqual(yaml('apollo-router/router.yaml'));
  expect(cache.subgraph.all.enabled).toBe(false);
  expect(cache.subgraph.subgraphs).toEqual({
    machines: { enabled: true, private_id: 'caller_id' },
  });
  expect(read(`apollo-router/${rhai.main}`)).toContain('request.context["caller_id"] = sha256');
});

test('grafbase.toml waits longer than the machines do', () => {
  const { gateway } = parseToml(read('grafbase/grafbase.toml')) as {
    gateway: { timeout: string; subgraph_timeout: string };
  };
  const subgraph = Number.parseInt(gateway.subgraph_timeout, 10);
  expect(subgraph).toBeGreaterThan(DEADLINE);
  expect(Number.parseInt(gateway.timeout, 10)).toBeGreaterThan(subgraph);
});

test('supergraph.graphql is what the schemas compose to now, at the addresses of compose.yaml', () => {
  const urls = { directory: 'http://directory:4002/', machines: 'http://machines:4001/graphql' };
  expect(read('supergraph.graphql')).toBe(`${composeSupergraph({ userKey: 'id', urls })}\n`);
  const { machines, directory } = yaml('compose.yaml').services;
  expect(machines.environment.USER_KEY).toBe('id');
  expect(loadConfig({ DEFENDER_CLOUD: 'global' }).port).toBe(4_001);
  expect(directory.environment.PORT).toBe('4002');
});

describe('compose.yaml', () => {
  const { services } = yaml('compose.yaml');

  test('sets up the machines as they take it', () => {
    const given = { DEFENDER_CLOUD: 'global', SHARED_CACHE_SECRET: 'x'.repeat(64) };
    const env = Object.fromEntries(
      Object.entries<string>(services.machines.environment).map(([name, value]) => [
        name,
        name in given ? given[name as keyof typeof given] : value,
      ]),
    );
    expect(loadConfig({ NODE_ENV: 'production', ...env })).toMatchObject({
      userKey: 'id',
      redis: { url: 'redis://valkey:6379' },
    });
  });

  test('names no file that is not here, and no service that it does not start', () => {
    for (const { volumes = [], depends_on: needed = {} } of Object.values<{
      volumes?: string[];
      depends_on?: object;
    }>(services)) {
      for (const volume of volumes) {
        const [file = ''] = volume.replace(/\$\{\w+:-(.*?)\}/, '$1').split(':');
        expect(existsSync(path.join(HERE, file)) ? file : `no ${file}`).toBe(file);
      }
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(needed)));
    }
  });
});
