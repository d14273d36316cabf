import { ours, sharedClient, type Contestant } from './contestants.ts';
import type { LoginAuthority } from './loginAuthority.ts';
import { printTable } from './table.ts';

const AT_ONCE = 100;

/** Requests that bring the same token at the same moment. */
export async function oneAssertion(authority: LoginAuthority, token: string): Promise<void> {
  const count = async (contestant: Contestant) => {
    const before = authority.exchanges;
    await Promise.all(Array.from({ length: AT_ONCE }, () => contestant.defenderToken(token)));
    return authority.exchanges - before;
  };
  printTable(
    `${AT_ONCE} requests with one token at once: requests to the token endpoint`,
    ['', 'this service', 'a shared client'],
    [['', await count(ours(authority.url)), await count(sharedClient(authority.url))]],
  );
}
