import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { startDirectory } from '../examples/supergraph/directory.ts';
import { startGateway } from '../examples/supergraph/gateway.ts';
import { systemClock } from '../src/clock.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { createLog } from '../src/telemetry/log.ts';

export interface Stage {
  readonly defender: Emulator;
  readonly addresses: {
    readonly gateway: string;
    readonly machines: string;
    readonly directory: string;
  };
  close(): Promise<void>;
}

/** Everything that a supergraph team has, on 127.0.0.1: Defender (emulated), this subgraph, a directory and a gateway. */
export async function setStage(): Promise<Stage> {
  const defender = await startEmulator({ latencyMilliseconds: 20 });
  const config = loadConfig({ DEFENDER_API_URL: defender.url, PORT: '0' });
  const machines = await startServer(config, systemClock, createLog('error'));
  const directory = await startDirectory({
    userKey: 'id',
    users: defender.estate.users.map(({ accountName, displayName, userPrincipalName }) => ({
      id: accountName,
      displayName,
      userPrincipalName,
    })),
  });
  const gateway = await startGateway({
    subgraphs: [
      { name: 'directory', url: directory.url },
      { name: 'machines', url: machines.url },
    ],
  });
  return {
    defender,
    addresses: { gateway: gateway.url, machines: machines.url, directory: directory.url },
    async close() {
      await gateway.close();
      await directory.close();
      await machines.close();
      await defender.close();
    },
  };
}
