import { QUERY, type Asked } from './asking.ts';
import type { Stage } from './stage.ts';

export function opening({ defender }: Stage): string {
  const { users, devices, groups } = defender.estate;
  return `
An emulated Defender for Endpoint: ${users.length} users, ${devices.length} devices, ${groups.length - 1} device groups, 100 calls a minute.
Each caller asks the supergraph this, twice:

${indented(QUERY)}
`;
}

export function table(rows: readonly Asked[]): string {
  return [
    '             devices   REST calls    naive  ',
    '  caller        seen  first   then    calls  device groups seen',
    ...rows.map(({ caller, devices, calls: [first, then], naiveCalls, groups }) =>
      [
        `  ${caller.padEnd(8)}`,
        String(devices).padStart(10),
        String(first).padStart(7),
        String(then).padStart(7),
        String(naiveCalls).padStart(9),
        `  ${groups.join(', ')}`,
      ].join(''),
    ),
    '',
  ].join('\n');
}

export function verdict(rows: readonly Asked[]): string {
  const wrongs = rows.flatMap(({ caller, wrongs }) =>
    wrongs.map((wrong) => `  as ${caller}: ${wrong}`),
  );
  return wrongs.length === 0
    ? 'Right: everybody saw exactly the devices that Defender shows to their own token.\n'
    : `Wrong:\n${wrongs.join('\n')}\n`;
}

export function invitation(
  { addresses, defender }: Stage,
  tokens: ReadonlyMap<string, string>,
): string {
  const [token] = tokens.values();
  const query =
    '{ users(first: 3) { displayName machines { computerDnsName riskScore } machinesFreshness { source } } }';
  return `
Addresses
  supergraph (Apollo Gateway)  ${addresses.gateway}
  this subgraph                ${addresses.machines}
  directory subgraph           ${addresses.directory}
  emulated Defender API        ${defender.url}

Tokens, good for eight hours
${[...tokens].map(([caller, value]) => `  ${caller}: ${value}`).join('\n\n')}

Paste this:
  curl -s ${addresses.gateway} -H 'content-type: application/json' -H 'authorization: Bearer ${token}' -d '${JSON.stringify({ query })}'

Ctrl+C ends it all.
`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
