import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { changesBetween } from './changes.ts';
import { machinesSdl, USER_KEYS } from './subgraph.ts';

const { values } = parseArgs({ options: { release: { type: 'boolean', default: false } } });
const released = (userKey: string) => new URL(`released/${userKey}.graphql`, import.meta.url);

for (const userKey of USER_KEYS) {
  if (values.release) {
    writeFileSync(released(userKey), machinesSdl(userKey));
    process.stdout.write(`USER_KEY=${userKey}: released as it is now\n`);
    continue;
  }
  const { breaking, dangerous } = changesBetween(
    readFileSync(released(userKey), 'utf8'),
    machinesSdl(userKey),
  );
  process.stdout.write(
    `USER_KEY=${userKey}: ${breaking.length} breaking, ${dangerous.length} dangerous changes since the last release\n`,
  );
  for (const change of breaking) process.stdout.write(`  breaks     ${change}\n`);
  for (const change of dangerous) process.stdout.write(`  dangerous  ${change}\n`);
  if (breaking.length > 0) process.exitCode = 1;
}
