import { onBehalfOfAt } from '../../emulator/onBehalfOfSettings.ts';
import { soak } from './soak.ts';

// An hour's worth of requests at the built server, in each of its modes: more calls than an hour's budget has, and the
// cached ones that come with them. Fails where its memory keeps growing, where it ends or complains, or where an answer is
// none.
const problems = [
  ...(await soak('forward', () => ({}))),
  ...(await soak('on-behalf-of', onBehalfOfAt)),
];
for (const problem of problems) console.error(`BROKEN ${problem}`);
if (problems.length > 0) process.exitCode = 1;
