import { cpSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changesBetween } from './changes.ts';
import { machinesSdl, SCHEMA, USER_KEYS } from './subgraph.ts';

const { values } = parseArgs({ options: { release: { type: 'boolean', default: false } } });
const RELEASED = new URL('released/', import.meta.url);

if (values.release) {
  cpSync(SCHEMA, RELEASED, { recursive: true });
  process.stdout.write('released as it is now\n');
}
for (const userKey of USER_KEYS) {
  const { breaking, dangerous } = changesBetween(
    machinesSdl(userKey, RELEASED),
    machinesSdl(userKey),
  );
  process.stdout.write(
    `USER_KEY=${userKey}: ${breaking.length} breaking, ${dangerous.length} dangerous changes since the last release\n`,
  );
  for (const change of breaking) process.stdout.write(`  breaks     ${change}\n`);
  for (const change of dangerous) process.stdout.write(`  dangerous  ${change}\n`);
  if (breaking.length > 0) process.exitCode = 1;
}
