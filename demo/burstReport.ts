import { styleText } from 'node:util';
import { BURST, type Burst } from './burst.ts';
import type { Round } from './patientClient.ts';
import { cell, heading, verdict } from './report.ts';

export function burstOpening(): string {
  return `
${heading(`3. A burst: alice asks for ${BURST} users at once`)}
She saw every fifth of them ten minutes ago. Defender takes 100 calls a minute,
of which one caller's burst leaves some to others. After 30 s she asks for all
again, then every 30 s for those whose retryAfterSeconds has passed or whose
answer was stale. The requests are real; the clock is turned fast.

${styleText(
  'dim',
  `                                           told to wait   calls in    too  users
  time      asked  live cached stale waiting  (seconds)  a minute  early  to go`,
)}
`;
}

export function burstVerdict(burst: Burst): string {
  const { mostCallsInAnyMinute: most, tooEarly } = burst;
  const right = `all ${BURST} are complete, with exactly alice's devices;
at most ${most} calls in any minute, ${tooEarly} too early.`;
  return verdict([burst], right);
}

export function burstRow({ at, asked, live, cached, stale, waiting, ...rest }: Round): string {
  return [
    `  ${new Date(at).toISOString().slice(11, 19)}`,
    cell(asked, 7),
    cell(live, 6),
    cell(cached, 7),
    cell(stale, 6),
    cell(waiting.length, 8),
    cell(rangeOf(waiting), 11),
    cell(rest.callsInLastMinute, 10),
    cell(rest.tooEarly, 7),
    cell(rest.wanted ?? '', 7),
    '\n',
  ].join('');
}

function rangeOf(ascending: readonly number[]): string {
  const [least, most] = [ascending.at(0), ascending.at(-1)];
  return least === most ? String(least ?? '') : `${least} to ${most}`;
}
