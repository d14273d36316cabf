import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import type { Person } from '../devices/lookups.ts';
import { PEOPLE } from '../graph/documents.ts';
import { useDesk } from '../page/desk.ts';

const PAGE = 20;
/** How long a list has to stand still before its people's devices are asked for: who still types spends no calls. */
const REST_MILLISECONDS = 300;

export interface People {
  readonly people: readonly Person[];
  readonly isSearching: boolean;
  readonly isFailed: boolean;
  readonly retry: () => void;
  /** Undefined where there are no more. */
  readonly more: (() => void) | undefined;
}

/** The people who match, from the directory; their devices follow in one request. */
export function usePeople(search: string): People {
  const { lookups } = useDesk();
  const { data, loading, error, fetchMore, refetch } = useQuery(PEOPLE, {
    variables: { search, first: PAGE, offset: 0 },
    notifyOnNetworkStatusChange: true,
  });
  const people = data?.users;

  useEffect(() => {
    if (!people) return undefined;
    const timer = setTimeout(
      () => void lookups.askNew(people.map(({ id }) => id)),
      REST_MILLISECONDS,
    );
    return () => clearTimeout(timer);
  }, [people, lookups]);

  const length = people?.length ?? 0;
  const isFull = length > 0 && length % PAGE === 0;
  return {
    people: people ?? [],
    isSearching: loading,
    isFailed: error !== undefined,
    retry: () => void refetch().catch(() => undefined),
    more: isFull
      ? () => void fetchMore({ variables: { offset: length } }).catch(() => undefined)
      : undefined,
  };
}
