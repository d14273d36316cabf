import type { Ledger } from '../../../emulator/ledger.ts';
import type { Seen } from './watched.ts';

interface Counted {
  readonly users: number;
  readonly accounts: number;
  readonly entities: readonly Seen[];
  readonly ledger: Ledger;
}

/** What the plain query took behind one router, over all forms of the key. */
export class Tally {
  readonly #router: string;
  #queries = 0;
  #users = 0;
  #accounts = 0;
  #entities = 0;
  #calls = 0;

  constructor(router: string) {
    this.#router = router;
  }

  add({ users, accounts, entities, ledger }: Counted): void {
    this.#queries += 1;
    this.#users += users;
    this.#accounts += accounts;
    this.#entities += entities.length;
    this.#calls += ledger.total;
  }

  print(): void {
    process.stdout.write(
      `${this.#router}: ${this.#queries} queries for ${this.#users} users, ${this.#accounts} of them distinct: ` +
        `${this.#entities} _entities requests, ${this.#calls} REST calls\n`,
    );
  }
}
