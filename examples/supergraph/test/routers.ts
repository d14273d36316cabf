import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { composeSupergraph, type SupergraphOptions } from '../compose.ts';
import { startGateway } from '../gateway.ts';
import { freePort, startChild, type Started } from './childProcess.ts';

export interface Router {
  readonly name: string;
  /** Whether an error of one user says in its path which user. */
  readonly namesTheRow: boolean;
  /** Whether the directory is sent the caller's token too. */
  readonly tellsAll: boolean;
  start(supergraph: SupergraphOptions): Promise<Started>;
}

const HERE = path.join(__dirname, '..');
const GRAFBASE = path.join(HERE, 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase');

export const apolloGateway: Router = {
  name: 'Apollo Gateway',
  namesTheRow: true,
  tellsAll: true,
  start: ({ urls }) =>
    startGateway({
      subgraphs: [
        { name: 'directory', url: urls.directory },
        { name: 'machines', url: urls.machines },
      ],
    }),
};

export const hiveGateway: Router = hive('Hive Gateway, JavaScript planner', false, []);

export const hiveRouterRuntime: Router = hive('Hive Gateway, Rust planner', true, [
  '--hive-router-runtime',
]);

export const grafbase: Router = {
  name: 'Grafbase',
  namesTheRow: true,
  tellsAll: false,
  start: ({ urls }) =>
    withFolder(async (folder) => {
      const address = `127.0.0.1:${await freePort()}`;
      const config = path.join(HERE, 'grafbase/grafbase.toml');
      return startChild({
        command: GRAFBASE,
        args: ['--home', folder, 'dev', '--config', config, '--listen-address', address],
        env: { DIRECTORY_URL: urls.directory, MACHINES_URL: urls.machines, HOME: folder },
        cwd: folder,
        url: `http://${address}/graphql`,
        whenItSays: 'GraphQL',
      });
    }),
};

function hive(name: string, namesTheRow: boolean, flags: readonly string[]): Router {
  return {
    name,
    namesTheRow,
    tellsAll: false,
    start: (supergraph) =>
      withFolder(async (folder) => {
        const schema = path.join(folder, 'supergraph.graphql');
        await writeFile(schema, composeSupergraph(supergraph));
        const port = String(await freePort());
        return startChild({
          command: path.join(HERE, 'node_modules/.bin/hive-gateway'),
          args: [
            'supergraph',
            schema,
            ...['--config-path', path.join(HERE, 'hive/gateway.config.ts')],
            ...['--host', '127.0.0.1', '--port', port],
            ...flags,
          ],
          cwd: folder,
          url: `http://127.0.0.1:${port}/graphql`,
          whenItSays: 'Listening on',
        });
      }),
  };
}

/** Starts a router with a folder of its own, that is gone when the router is. */
async function withFolder(start: (folder: string) => Promise<Started>): Promise<Started> {
  const folder = await mkdtemp(path.join(tmpdir(), 'router-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const started = await start(folder);
    return {
      url: started.url,
      async close() {
        await started.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
