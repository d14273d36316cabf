import type { ApolloClient } from '@apollo/client';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { DeviceLookups, LoadedPerson } from '../devices/lookups.ts';
import type { Session } from '../signIn/session.ts';

/** What one caller works with; another caller gets another. */
export interface Desk {
  readonly session: Session;
  readonly client: ApolloClient;
  readonly lookups: DeviceLookups;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('There is no desk here');
  return desk;
}

/** Everybody whose devices are loaded, kept up to date; the lookups tell of each other person. */
export function useLoaded(): {
  readonly loaded: ReadonlyMap<string, LoadedPerson>;
  readonly lookups: DeviceLookups;
} {
  const { lookups } = useDesk();
  const loaded = useSyncExternalStore(lookups.subscribe, lookups.loaded);
  return { loaded, lookups };
}
