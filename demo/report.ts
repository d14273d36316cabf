import { styleText } from 'node:util';
import { QUERY, USERS, type Asked } from './asking.ts';
import type { Exchanged, Forged } from './exchanging.ts';
import { NAIVE_CALLS, type Forwarded } from './forwarding.ts';
import type { Stage } from './stage.ts';

/** What is wrong is told in so many lines. */
const MOST_TOLD = 5;

export function opening({ defender }: Stage): string {
  const { users, devices, groups } = defender.estate;
  return `
An emulated Defender for Endpoint: ${users.length} users, ${devices.length} devices, ${groups.length - 1} device groups,
100 calls a minute. In front of it this subgraph, beside it a directory that
owns User, over both a gateway. Three people ask for ${USERS} users each:

${styleText('dim', QUERY.replaceAll(/^/gm, '  '))}

${heading('1. Forward mode: the token is for Defender and goes on to it')}
Each asks twice. Naive would be a call for each of three fields, each time.

`;
}

export function forwardedReport(rows: readonly Forwarded[], { defender }: Stage): string {
  const every = defender.estate.groups.length;
  return `${table(
    [
      '             devices   REST calls    naive  device groups',
      '  caller        seen  first   then    calls  seen',
    ],
    rows.map(({ caller, first, then }) =>
      [
        `  ${caller.padEnd(8)}`,
        cell(first.devices, 10),
        cell(first.calls, 7),
        cell(then.calls, 7),
        cell(NAIVE_CALLS, 9),
        `  ${groupsOf(first, every)}`,
      ].join(''),
    ),
  )}${verdict(rows, 'everybody saw exactly what Defender shows to their own token.')}`;
}

export function exchangedOpening(): string {
  return `
${heading('2. On-behalf-of mode: the token is for this service, which exchanges it')}
The same people ask the same: twice, and once more with a renewed token.
Then somebody with three forged tokens of a person whose devices are cached.

`;
}

export function exchangedReport(
  rows: readonly Exchanged[],
  forged: readonly Forged[],
  impersonated: string,
): string {
  return `${table(
    [
      '             devices      REST calls      tokens',
      '  caller        seen  first  then  renewed  exchanged',
    ],
    rows.map(({ caller, first, then, renewed, exchanges }) =>
      [
        `  ${caller.padEnd(8)}`,
        cell(first.devices, 10),
        cell(first.calls, 7),
        cell(then.calls, 6),
        cell(renewed.calls, 9),
        cell(exchanges, 11),
      ].join(''),
    ),
  )}
${table(
  [`  forged token of ${impersonated.padEnd(15)}devices  calls  exchanged  each user gets`],
  forged.map(({ how, asked }) =>
    [
      `  ${how.padEnd(31)}`,
      cell(asked.devices, 7),
      cell(asked.calls, 7),
      cell(asked.exchanges, 11),
      `  ${[...asked.codes].join(', ')}`,
    ].join(''),
  ),
)}${verdict([...rows, ...forged], 'the same devices as in forward mode, one exchange for\neach token, and nothing for a forged token.')}`;
}

export function heading(text: string): string {
  return styleText('bold', styleText('cyan', text));
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `${[styleText('dim', head.join('\n')), ...rows].join('\n')}\n`;
}

export function cell(value: string | number, width: number): string {
  return String(value).padStart(width);
}

interface Judged {
  readonly wrongs: readonly string[];
  readonly caller?: string;
  readonly how?: string;
}

export function verdict(judged: readonly Judged[], right: string): string {
  const wrongs = judged.flatMap(({ wrongs: found, caller, how }) =>
    found.map((what) => `  ${[caller ?? how, what].filter(Boolean).join(': ')}`),
  );
  if (wrongs.length === 0) return `\n${styleText('green', '✔ Right:')} ${right}\n`;
  const more = wrongs.length > MOST_TOLD ? `  and ${wrongs.length - MOST_TOLD} more\n` : '';
  return `\n${styleText('red', '✘ Wrong:')}\n${wrongs.slice(0, MOST_TOLD).join('\n')}\n${more}`;
}

/** `every` counts the devices without a group as one. */
function groupsOf({ groups }: Asked, every: number): string {
  if (groups.size === every) return 'all, and devices in none';
  return [...groups]
    .map((group) => group?.replace(/ Workstations$/, '') ?? 'no group')
    .toSorted()
    .join(', ');
}
