import { BURST, type Burst } from './burst.ts';
import type { Round } from './patientClient.ts';
import { cell, heading, verdict } from './report.ts';

export function burstOpening(): string {
  return `
${heading(`3. A burst: alice asks for ${BURST} users at once, every fifth of whom she saw ten minutes ago.`)}
Defender takes 100 calls a minute, which one caller's burst never uses up: others may come. After 30 s she asks for all again, then every
30 s for those whose retryAfterSeconds has passed and those whose answer was stale. The requests are real; the clock is turned fast.
                                                                        calls in    too  users
  time      asked   live  cached  stale  waiting  retryAfterSeconds  last minute  early  to go
`;
}

export function burstVerdict(burst: Burst): string {
  const { mostCallsInAnyMinute: most, tooEarly } = burst;
  const right = `all ${BURST} are complete, with exactly alice's devices; at most ${most} calls in any minute, ${tooEarly} too early.`;
  return verdict([burst], right);
}

export function burstRow({ at, asked, live, cached, stale, waiting, ...rest }: Round): string {
  return [
    `  ${new Date(at).toISOString().slice(11, 19)}`,
    cell(asked, 7),
    cell(live, 7),
    cell(cached, 8),
    cell(stale, 7),
    cell(waiting.length, 9),
    cell(rangeOf(waiting), 19),
    cell(rest.callsInLastMinute, 13),
    cell(rest.tooEarly, 7),
    cell(rest.wanted, 7),
    '\n',
  ].join('');
}

function rangeOf(ascending: readonly number[]): string {
  const [least, most] = [ascending.at(0), ascending.at(-1)];
  return least === most ? String(least ?? '') : `${least} to ${most}`;
}
