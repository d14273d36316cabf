import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startEmulator } from './emulator.ts';

const usage =
  'npx tsx emulator/main.ts [--port N] [--seed N] [--latency MILLISECONDS] [--no-limits]';
const wholeNumber = z.coerce.number().int().nonnegative();

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4100' },
    seed: { type: 'string', default: '1' },
    latency: { type: 'string', default: '0' },
    'no-limits': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(usage);
} else {
  const emulator = await startEmulator({
    port: wholeNumber.parse(values.port),
    seed: wholeNumber.parse(values.seed),
    latencyMilliseconds: wholeNumber.parse(values.latency),
    ...(values['no-limits'] ? { limits: 'none' as const } : {}),
  });
  const { url, issuer, application } = emulator;
  console.log(`Defender API   ${url}/api/users/{id}/machines
Token endpoint ${url}/${issuer.tenantId}/oauth2/v2.0/token
Client         ${application.clientId}, secret ${application.clientSecret}
Ledger         ${url}/emulator/calls
`);
  for (const caller of ['alice', 'bob', 'carol', 'dave', 'reporter']) {
    console.log(`${caller}\n${await issuer.defenderToken(caller)}\n`);
  }
  const stop = (): void => void emulator.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
