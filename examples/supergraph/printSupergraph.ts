import { composeSupergraph } from './compose.ts';

/** The addresses that compose.yaml gives to its subgraphs. */
const urls = { directory: 'http://directory:4002/', machines: 'http://machines:4001/graphql' };
process.stdout.write(`${composeSupergraph({ userKey: 'id', urls })}\n`);
