import { styleText } from 'node:util';
import { heading } from './report.ts';
import type { Stage } from './stage.ts';

/** By caller. */
export interface Tokens {
  readonly forward: Map<string, string>;
  readonly onBehalfOf: Map<string, string>;
}

const QUERY =
  '{ users(first: 3) { displayName machines { computerDnsName riskScore } machinesFreshness { source } } }';

/** What to try oneself, the line to paste last, where it is in sight. */
export function invitation(stage: Stage, { forward, onBehalfOf }: Tokens): string {
  const { defender, directory, forward: forwarding, onBehalfOf: exchanging } = stage;
  const [token] = forward.values();
  return `
${heading('Try it yourself.')} Tokens for forward mode, good for eight hours
${listed(forward)}Tokens for on-behalf-of mode, good for eight hours
${listed(onBehalfOf)}
Addresses                        forward                          on-behalf-of
  supergraph (Apollo Gateway)    ${forwarding.gateway.padEnd(31)}  ${exchanging.gateway}
  this subgraph                  ${forwarding.machines.padEnd(31)}  ${exchanging.machines}
  directory subgraph             ${directory}
  emulated Defender API          ${defender.url}

Paste this, or put in another address and token:
  curl -s ${forwarding.gateway} -H 'content-type: application/json' -d '${JSON.stringify({ query: QUERY })}' -H 'authorization: Bearer ${token}'

Ctrl+C ends it all.
`;
}

function listed(tokens: ReadonlyMap<string, string>): string {
  return [...tokens].map(([caller, token]) => `  ${caller}: ${styleText('dim', token)}\n`).join('');
}
