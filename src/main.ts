import closeWithGrace from 'close-with-grace';
import { systemClock } from './clock.ts';
import { ConfigError, loadConfig } from './config.ts';
import { startServer } from './server.ts';
import { createLog } from './telemetry/log.ts';

try {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  const server = await startServer(config, systemClock, log);
  log.info({ url: server.url, userKey: config.userKey }, 'listening');
  closeWithGrace(
    { delay: config.requestDeadlineMilliseconds, logger: log },
    async ({ signal, err }) => {
      if (err) log.error({ err }, 'closing after an error that nobody caught');
      log.info({ signal }, 'closing');
      await server.close();
    },
  );
} catch (error) {
  const hint =
    error instanceof ConfigError
      ? '\nTo try this service without any configuration: npm run demo\n'
      : '';
  process.stderr.write(`${error instanceof Error ? error.message : 'It does not start.'}\n${hint}`);
  // What was opened before, such as connections to Redis, would keep alive a process that serves nobody.
  process.exit(1);
}
