import type { ApolloClient } from '@apollo/client';
import { DEVICES_OF, DEVICES_OF_PERSON, PERSON } from '../graph/documents.ts';
import type {
  DeviceFragment,
  DevicesOfPersonFragment,
  PersonFragment,
} from '../graph/generated/graphql.ts';
import { failuresIn, type Failure } from './failure.ts';

export type Person = PersonFragment;
export type Device = DeviceFragment;
export type DevicesOfPerson = DevicesOfPersonFragment;

/** How far the page is with the devices of one person. */
export type Lookup =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'answered' };

/** A person whose devices are in the cache. */
export interface LoadedPerson extends Person {
  readonly devices: DevicesOfPerson;
}

const NO_ANSWER: Failure = {
  code: 'NOT_FOUND',
  message: 'The directory has nobody with that id.',
};

/**
 * Asks for people's devices, all in one request, and keeps for each person what became of it. The devices themselves are
 * in Apollo's cache. A store for `useSyncExternalStore`.
 */
export class DeviceLookups {
  readonly #client: ApolloClient;
  readonly #lookups = new Map<string, Lookup>();
  readonly #listeners = new Set<() => void>();
  #loaded: ReadonlyMap<string, LoadedPerson> = new Map();

  constructor(client: ApolloClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Everybody whose devices were read, by id; another map after each change. */
  readonly loaded = (): ReadonlyMap<string, LoadedPerson> => this.#loaded;

  of(id: string): Lookup | undefined {
    return this.#lookups.get(id);
  }

  /** Of the directory, where it has told of that person. */
  person(id: string): Person | undefined {
    const { cache } = this.#client;
    const from = cache.identify({ __typename: 'User', id });
    if (from === undefined) return undefined;
    return cache.readFragment({ id: from, fragment: PERSON, fragmentName: 'Person' }) ?? undefined;
  }

  get failures(): readonly Failure[] {
    return [...this.#lookups.values()].flatMap((each) =>
      each.state === 'failed' ? [each.failure] : [],
    );
  }

  /** Asks for those who were never asked for. */
  async askNew(ids: readonly string[]): Promise<void> {
    await this.ask(ids.filter((id) => !this.#lookups.has(id)));
  }

  /** Asks, again if need be; who is being asked for already is left alone. */
  async ask(ids: readonly string[]): Promise<void> {
    const asked = ids.filter((id) => this.#lookups.get(id)?.state !== 'asking');
    if (asked.length === 0) return;
    for (const id of asked) this.#lookups.set(id, { state: 'asking' });
    this.#changed();

    const { users, error } = await this.#answer(asked);
    const failures = failuresIn(error, Date.now());
    const general = failures.get(undefined) ?? NO_ANSWER;
    for (const id of asked) this.#lookups.set(id, { state: 'failed', failure: general });
    for (const [place, { id, machinesFreshness }] of users.entries()) {
      const failure = failures.get(place) ?? general;
      const lookup = machinesFreshness
        ? ({ state: 'answered' } as const)
        : ({ state: 'failed', failure } as const);
      this.#lookups.set(id, lookup);
    }
    this.#changed();
  }

  /** Asks again for everybody. */
  async askAll(): Promise<void> {
    await this.ask([...this.#lookups.keys()]);
  }

  /** Asks again for everybody whom a claims challenge keeps waiting. */
  async askChallenged(): Promise<void> {
    const challenged = [...this.#lookups].flatMap(([id, lookup]) =>
      lookup.state === 'failed' && lookup.failure.code === 'UNAUTHENTICATED' ? [id] : [],
    );
    await this.ask(challenged);
  }

  async #answer(ids: readonly string[]) {
    try {
      const { data, error } = await this.#client.query({
        query: DEVICES_OF,
        variables: { ids },
        // The lookups know what is worth asking for; an answer in part is an answer.
        fetchPolicy: 'network-only',
        errorPolicy: 'all',
      });
      return { users: data?.users ?? [], error };
    } catch (error) {
      return { users: [], error };
    }
  }

  #changed(): void {
    this.#loaded = new Map(
      [...this.#lookups.keys()].flatMap((id) => {
        const person = this.#read(id);
        return person ? [[id, person] as const] : [];
      }),
    );
    for (const listener of this.#listeners) listener();
  }

  /** From the cache, where it holds an answer. */
  #read(id: string): LoadedPerson | undefined {
    const { cache } = this.#client;
    const from = cache.identify({ __typename: 'User', id });
    if (from === undefined) return undefined;
    const person = this.person(id);
    const devices = cache.readFragment({
      id: from,
      fragment: DEVICES_OF_PERSON,
      fragmentName: 'DevicesOfPerson',
    });
    if (!person || !devices?.machinesFreshness) return undefined;
    return { ...person, devices };
  }
}
