import { CallBook } from './callBook.ts';

/** The calls of `/api/users/{id}/machines`, each page and each attempt as one, and what else was asked. */
export class Ledger extends CallBook {
  /** Requests to the token endpoint; by caller whom the assertion names, verified or not. */
  readonly exchanges = new CallBook();
  /** How often the published keys were fetched. */
  keyFetches = 0;
  /** TCP connections opened, whatever for. */
  connections = 0;
  /** Method and target of requests that are no endpoint of the emulator. */
  strays: string[] = [];

  override reset(): void {
    super.reset();
    this.exchanges.reset();
    this.keyFetches = 0;
    this.connections = 0;
    this.strays = [];
  }

  override toJSON(): object {
    const { exchanges, keyFetches, connections, strays } = this;
    return { ...super.toJSON(), exchanges, keyFetches, connections, strays };
  }
}
