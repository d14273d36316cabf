import closeWithGrace from 'close-with-grace';
import { systemClock } from './clock.ts';
import { ConfigError, loadConfig } from './config.ts';
import { startServer } from './server.ts';
import { createLog } from './telemetry/log.ts';

/** Milliseconds for what is left to do when the last request has had all its time. */
const LAST_WORDS = 2_000;

const args = process.argv.slice(2);
if (args.length > 0) {
  // A start that serves does not pay for it.
  const { preflight } = await import('./preflight/preflight.ts');
  const write = (text: string) => void process.stdout.write(text);
  process.exitCode = await preflight(args, { env: process.env, now: systemClock.now, write });
} else await serve();

async function serve(): Promise<void> {
  try {
    const config = loadConfig(process.env);
    const log = createLog(config.logLevel, undefined, config.secrets);
    const server = await startServer(config, systemClock, log);
    const { shutdownGraceMilliseconds: grace, requestDeadlineMilliseconds: deadline } = config;
    closeWithGrace(
      { delay: grace + deadline + LAST_WORDS, logger: log },
      async ({ signal, err }) => {
        if (err) log.error({ err }, 'closing after an error that nobody caught');
        log.info({ signal }, 'closing');
        // Load balancers send SIGTERM's process requests until they notice; nobody else has to.
        await server.close(signal === 'SIGTERM' ? grace : 0);
        log.info('closed');
      },
    );
    log.info({ url: server.url, userKey: config.userKey }, 'listening');
  } catch (error) {
    const hint =
      error instanceof ConfigError
        ? '\nTo try this service without any configuration: npm run demo\n'
        : '';
    process.stderr.write(
      `${error instanceof Error ? error.message : 'It does not start.'}\n${hint}`,
    );
    // What was opened before, such as connections to Redis, would keep alive a process that serves nobody.
    process.exit(1);
  }
}
