import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { startFlags } from '../../test/process/startFlags.ts';
import { ask } from './ask.ts';
import { forwarded } from './authorizations.ts';
import { serverEnvironment } from './entrants.ts';
import { markdownTable } from './markdown.ts';
import { bodyOf, DEVICES } from './operations.ts';
import { prepare } from './prepare.ts';
import { start } from './processes.ts';
import { describeMachine } from './results.ts';
import { quantile } from './statistics.ts';

const STARTS = 15;
const RESULTS = 'bench/results';
const AUTHORIZATION = forwarded(0);
const BODY = bodyOf(DEVICES, ['user1@contoso.com']);

prepare();
const upstream = await start('entities/upstream');
const env = {
  ...serverEnvironment(upstream.url, { token: 'forward' }, { url: '' }),
  LOG_LEVEL: 'info',
};
const listening: number[] = [];
const answered: number[] = [];
// One more: the first one brings the files into the machine's memory.
for (let index = 0; index <= STARTS; index += 1) {
  const times = await startOnce();
  if (index === 0) continue;
  listening.push(times.listening);
  answered.push(times.answered);
}
await upstream.stop();

const row = (name: string, values: readonly number[]) => [
  name,
  ...[0.5, 0.25, 0.75].map((part) => Math.round(quantile(values, part))),
];
const text = [
  '<!-- Written by `npm run bench:start`. -->',
  describeMachine(),
  '### From the start of the process, in milliseconds',
  `As \`npm start\`, ${STARTS} starts with its files in the machine’s memory.`,
  markdownTable(
    ['until', 'median', 'lower quartile', 'upper quartile'],
    [row('it listens', listening), row('the first `_entities` is answered', answered)],
  ),
  '',
].join('\n\n');
process.stdout.write(`\n${text}`);
mkdirSync(RESULTS, { recursive: true });
writeFileSync(`${RESULTS}/start.md`, text);

async function startOnce(): Promise<{ listening: number; answered: number }> {
  const from = performance.now();
  const child = spawn(process.execPath, [...startFlags(), 'dist/main.js'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(20_000) })) as [string];
    const times = { listening: performance.now() - from, answered: 0 };
    const { url } = JSON.parse(line) as { url: string };
    await ask(new URL(url), AUTHORIZATION, BODY);
    times.answered = performance.now() - from;
    return times;
  } finally {
    kill();
    await once(child, 'exit');
    process.off('exit', kill);
  }
}
