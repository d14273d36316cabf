import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { environmentBeside } from '../emulator/environmentBeside.ts';
import { onBehalfOfAt } from '../emulator/onBehalfOfSettings.ts';
import { startDirectory } from '../examples/supergraph/directory.ts';
import { startGateway } from '../examples/supergraph/gateway.ts';
import { systemClock, type Clock } from '../src/clock.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { graphiql } from '../src/server/graphiql.ts';
import { createLog } from '../src/telemetry/log.ts';
import { SUPERGRAPH_EXAMPLES } from './supergraphExamples.ts';

/** This subgraph in one of its modes, and a supergraph over it and the directory. */
export interface Road {
  readonly defender: Emulator;
  readonly gateway: string;
  readonly machines: string;
}

export interface Stage {
  readonly defender: Emulator;
  readonly directory: string;
  readonly forward: Road;
  readonly onBehalfOf: Road;
  close(): Promise<void>;
}

/** Everything that a supergraph team has, on 127.0.0.1: Defender (emulated), a directory, and for each mode this subgraph and a gateway. */
export async function setStage(): Promise<Stage> {
  const defender = await startEmulator({ latencyMilliseconds: 20 });
  const directory = await startDirectory({
    userKey: 'id',
    users: defender.estate.users.map(({ accountName, displayName, userPrincipalName }) => ({
      id: accountName,
      displayName,
      userPrincipalName,
    })),
  });
  const forward = await openRoad(defender, directory.url, { AUTH_MODE: 'forward' });
  const onBehalfOf = await openRoad(defender, directory.url, onBehalfOfAt(defender));
  return {
    defender,
    directory: directory.url,
    forward,
    onBehalfOf,
    async close() {
      await Promise.all([forward.close(), onBehalfOf.close()]);
      await directory.close();
      await defender.close();
    },
  };
}

export async function openRoad(
  defender: Emulator,
  directory: string,
  env: Readonly<Record<string, string>>,
  clock: Clock = systemClock,
): Promise<Road & { close(): Promise<void> }> {
  const config = loadConfig({ ...environmentBeside(defender.url), ...env });
  const machines = await startServer(config, clock, createLog('error'));
  const gateway = await startGateway({
    subgraphs: [
      { name: 'directory', url: directory },
      { name: 'machines', url: machines.url },
    ],
    plugins: [graphiql(SUPERGRAPH_EXAMPLES)],
  });
  return {
    defender,
    gateway: gateway.url,
    machines: machines.url,
    async close() {
      await gateway.close();
      await machines.close();
    },
  };
}
