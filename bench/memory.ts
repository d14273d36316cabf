import { ours, sharedClient, type Contestant } from './contestants.ts';
import type { LoginAuthority } from './loginAuthority.ts';
import { each, heapUsed } from './measure.ts';
import { printTable } from './table.ts';

const SIZES = [1_000, 5_000, 10_000, 15_000, 20_000];
/** One shared client needs a minute for more, since it searches its cache in a line. */
const MOST_SHARED = 1_000;
const MEGABYTE = 1_048_576;

/** The heap as callers come who have not been seen before. */
export async function memory({ url }: LoginAuthority, tokens: readonly string[]): Promise<void> {
  const service = await grow(() => ours(url), tokens, SIZES);
  const shared = await grow(() => sharedClient(url), tokens, [MOST_SHARED]);
  printTable(
    'Memory: heap in use after a collection, above what it was before the first caller, in MB',
    ['distinct callers so far', 'this service', 'a shared client'],
    SIZES.map((size) => [size, megabytes(service.get(size)), megabytes(shared.get(size))]),
  );
}

async function grow(
  build: () => Contestant,
  tokens: readonly string[],
  sizes: readonly number[],
): Promise<Map<number, number>> {
  // What the first one loads and compiles is not what a caller costs.
  await build().defenderToken(tokens.at(-1) ?? '');
  const before = heapUsed();
  const contestant = build();
  const grown = new Map<number, number>();
  let seen = 0;
  for (const size of sizes) {
    await each(tokens.slice(seen, size), (token) => contestant.defenderToken(token));
    seen = size;
    grown.set(size, heapUsed() - before);
  }
  // It is in use until here, so that no collection takes it.
  await contestant.defenderToken(tokens[seen - 1] ?? '');
  return grown;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / MEGABYTE).toFixed(1);
}
