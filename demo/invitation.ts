import { styleText } from 'node:util';
import { MODES, type Desk } from './desk.ts';
import { heading } from './report.ts';
import type { Stage } from './stage.ts';

/** Something to open in a browser. */
export interface Address {
  readonly what: string;
  readonly url: string;
}

/** What to open, the first of all first. */
export function toOpen(addresses: readonly Address[]): string {
  const width = Math.max(...addresses.map(({ what }) => what.length));
  return addresses
    .map(({ what, url }) => `  ${what.padEnd(width)}  ${styleText('underline', url)}\n`)
    .join('');
}

/** GraphiQL as somebody who sees some of the devices, and as somebody who sees all. */
export function graphiqlAddresses(desk: Desk): readonly Address[] {
  return ['alice', 'carol'].map((caller) => ({
    what: `GraphiQL of the supergraph, as ${caller}`,
    url: `${desk.url}/forward/${caller}`,
  }));
}

const QUERY = '{ users(first: 3) { displayName machines { computerDnsName riskScore } } }';

/** What to try oneself, and last how to end it. */
export function invitation(stage: Stage, desk: Desk, addresses: readonly Address[]): string {
  const { defender, directory, forward, onBehalfOf } = stage;
  return `
${heading('Try it yourself')}
${toOpen(addresses)}
Or paste this into another terminal:

curl -s ${forward.gateway} -H 'content-type: application/json' \\
  -H "authorization: Bearer $(curl -s ${desk.url}/forward/alice/token)" \\
  -d '${JSON.stringify({ query: QUERY })}'

Or take another MODE (${MODES.join(', ')}) and NAME (alice, bob, carol):
  the token        ${desk.url}/MODE/NAME/token
  the supergraph   ${desk.url}/MODE/NAME
  this subgraph    ${desk.url}/MODE/NAME/subgraph

                      forward                         on-behalf-of
  supergraph          ${forward.gateway.padEnd(30)}  ${onBehalfOf.gateway}
  this subgraph       ${forward.machines.padEnd(30)}  ${onBehalfOf.machines}
  directory           ${directory}
  emulated Defender   ${defender.url}

${styleText('bold', 'Ctrl+C ends it all.')}
`;
}
