import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { announce } from './child.ts';

/** What `npm run build` has made. */
function built<Module>(file: string): Promise<Module> {
  return import(pathToFileURL(path.resolve('dist', file)).href) as Promise<Module>;
}

const { systemClock } = await built<typeof import('../../src/clock.ts')>('clock.js');
const { loadConfig } = await built<typeof import('../../src/config.ts')>('config.js');
const { createLog } = await built<typeof import('../../src/telemetry/log.ts')>('telemetry/log.js');
const { startServer } = await built<typeof import('../../src/server.ts')>('server.js');

// As in production, but for the address of Defender, which there must be an https one.
const config = { ...loadConfig({ ...process.env, NODE_ENV: '' }), isProduction: true };
const { url } = await startServer(config, systemClock, createLog(config.logLevel));
announce(url);
