import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startLoginAuthority } from '../../loginAuthority.ts';
import { prepare } from '../prepare.ts';
import { start } from '../processes.ts';
import { describeMachine } from '../results.ts';
import { cachedUsers } from './cachedUsers.ts';
import { callers } from './callers.ts';
import { curveTable, type Curve } from './curve.ts';
import { lines } from './lines.ts';
import { replicas } from './replicas.ts';
import type { Stage } from './stage.ts';
import { usersPerRequest } from './usersPerRequest.ts';

const RESULTS = 'bench/results';
const CURVES: Readonly<Record<string, (stage: Stage) => Promise<Curve | undefined>>> = {
  'users-per-request': usersPerRequest,
  'cached-users': cachedUsers,
  callers,
  replicas,
};

const { values } = parseArgs({
  options: {
    /** Names of curves with commas between them; default: all. */
    only: { type: 'string' },
  },
});
prepare();
const stage = {
  upstream: await start('entities/upstream'),
  authority: await startLoginAuthority(),
};
mkdirSync(RESULTS, { recursive: true });
for (const [id, measure] of Object.entries(CURVES)) {
  if (values.only && !values.only.split(',').includes(id)) continue;
  const curve = await measure(stage);
  if (!curve) continue;
  const table = curveTable(curve);
  const head = `<!-- Written by \`npm run bench:growth\`. -->\n\n${describeMachine()}`;
  process.stdout.write(`\n${table}\n`);
  writeFileSync(`${RESULTS}/growth-${id}.md`, `${head}\n\n${table}\n`);
  writeFileSync(`${RESULTS}/growth-${id}.svg`, lines(curve, describeMachine()));
}
await stage.upstream.stop();
await stage.authority.close();
