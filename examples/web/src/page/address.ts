import { useCallback, useSyncExternalStore } from 'react';

/** What is looked at, kept in the page's address: a link shows it again, and Back goes back. */
export interface Address {
  readonly search: string;
  /** Ids of a person and of a device; '' for none. */
  readonly person: string;
  readonly device: string;
}

const MOVED = 'moved';

function read(): string {
  return window.location.search;
}

function listen(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(MOVED, listener);
  };
}

export type Go = (changes: Partial<Address>, how?: 'push' | 'replace') => void;

export function useAddress(): readonly [Address, Go] {
  const query = new URLSearchParams(useSyncExternalStore(listen, read));
  const address = {
    search: query.get('search') ?? '',
    person: query.get('person') ?? '',
    device: query.get('device') ?? '',
  };
  const go = useCallback<Go>((changes, how = 'push') => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const url = next.size === 0 ? window.location.pathname : `?${next.toString()}`;
    window.history[how === 'push' ? 'pushState' : 'replaceState'](null, '', url);
    window.dispatchEvent(new Event(MOVED));
  }, []);
  return [address, go];
}
