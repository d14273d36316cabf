import { cpus } from 'node:os';
import { startLoginAuthority } from './loginAuthority.ts';
import { lookup } from './lookup.ts';
import { memory } from './memory.ts';
import { oneAssertion } from './oneAssertion.ts';
import { outage } from './outage.ts';

/** Twice as many as are remembered. */
const CALLERS = 20_000;

const [cpu] = cpus();
process.stdout.write(
  `Node ${process.version} on ${cpus().length} x ${cpu?.model ?? 'unknown'}; takes about a minute and a half.
"A shared client" is one ConfidentialClientApplication of msal with its own cache for all callers; it verifies nothing.
`,
);
const authority = await startLoginAuthority();
const tokens = await authority.tokens(CALLERS);
await memory(authority, tokens);
await lookup(authority, tokens);
await oneAssertion(authority, tokens[0] ?? '');
await outage(authority, tokens);
await authority.close();
