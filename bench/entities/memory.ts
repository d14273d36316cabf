import { mkdirSync, writeFileSync } from 'node:fs';
import { startFlags } from '../../test/process/startFlags.ts';
import { startLoginAuthority } from '../loginAuthority.ts';
import { authorizations } from './authorizations.ts';
import { ask } from './ask.ts';
import { deviceList } from './deviceList.ts';
import { serverEnvironment } from './entrants.ts';
import { markdownTable } from './markdown.ts';
import { bodyOf, DEVICES, FILTER, FILTERED } from './operations.ts';
import { prepare } from './prepare.ts';
import { start } from './processes.ts';
import { describeMachine } from './results.ts';

const USERS = 20_000;
const USERS_A_REQUEST = 500;
/** For what the first ones load and compile. */
const BEFORE = 2_000;
const RESULTS = 'bench/results';

prepare();
const upstream = await start('entities/upstream');
const authority = await startLoginAuthority();
const { forward } = await authorizations(authority);
const server = await start('entities/thisServer', {
  env: serverEnvironment(upstream.url, { token: 'forward' }, authority),
  flags: [...startFlags(), '--expose-gc'],
});

await askAll('before', BEFORE);
await askAll('before', BEFORE);
const empty = await heap();
const rows: (string | number)[][] = [];
for (const [what, query, variables] of [
  ['read from Defender by one operation', DEVICES, {}],
  ['asked for again by the same operation', DEVICES, {}],
  ['and once more', DEVICES, {}],
  ['asked for by a second operation', FILTERED, { filter: FILTER }],
  ['and again by it', FILTERED, { filter: FILTER }],
] as const) {
  await askAll('user', USERS, query, variables);
  rows.push([what, Math.round(((await heap()) - empty) / USERS)]);
}
await server.stop();
await upstream.stop();
await authority.close();

const text = [
  '<!-- Written by `npm run bench:memory`. -->',
  describeMachine(),
  `### Bytes of memory for each of ${USERS.toLocaleString('en')} cached users`,
  `Heap and buffers in use after a collection, above what was in use before. A user’s list is ${meanListBytes()} bytes of JSON: five devices.`,
  markdownTable(['a user who was …', 'bytes'], rows),
  '',
].join('\n\n');
process.stdout.write(`\n${text}`);
mkdirSync(RESULTS, { recursive: true });
writeFileSync(`${RESULTS}/memory.md`, text);

async function askAll(
  name: string,
  count: number,
  query: string = DEVICES,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  for (let from = 0; from < count; from += USERS_A_REQUEST) {
    const users = Array.from(
      { length: USERS_A_REQUEST },
      (_, i) => `${name}${from + i}@contoso.com`,
    );
    await ask(new URL(server.url), forward, bodyOf(query, users, variables));
  }
}

async function heap(): Promise<number> {
  return (await server.ask('heap')) as number;
}

function meanListBytes(): number {
  const lists = Array.from({ length: BEFORE }, (_, index) => deviceList(`user${index}`).length);
  return Math.round(lists.reduce((sum, length) => sum + length, 0) / BEFORE);
}
