import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { FilterBar } from '../devices/FilterBar.tsx';
import { isFiltering, passes, type DeviceFilter } from '../devices/filter.ts';
import type { Device, Person } from '../devices/lookups.ts';
import { byWorstDevice, devicesInOrder } from '../devices/order.ts';
import { count } from '../devices/words.ts';
import { useAddress } from '../page/address.ts';
import { useLoaded } from '../page/desk.ts';
import { Trouble } from '../page/Trouble.tsx';
import { PersonRow } from './PersonRow.tsx';
import { SearchBox } from './SearchBox.tsx';
import { usePeople } from './usePeople.ts';

export interface PeoplePaneProps {
  readonly filter: DeviceFilter;
  readonly onFilter: (filter: DeviceFilter) => void;
}

interface Row {
  readonly person: Person;
  /** Those that pass the filter, what matters first; undefined until they are known. */
  readonly devices: readonly Device[] | undefined;
}

/** The people found, each with what is known of their devices. */
export function PeoplePane({ filter, onFilter }: PeoplePaneProps) {
  const [{ search, person: chosen }, go] = useAddress();
  const { people, isSearching, isFailed, retry, more } = usePeople(search.trim());
  const { loaded, lookups } = useLoaded();
  const [order, setOrder] = useState<'risk' | 'name'>('risk');
  useReturnToRow(chosen);

  const rows = people.map((person): Row => {
    const known = loaded.get(person.id);
    return {
      person,
      devices: known && devicesInOrder(known).filter((device) => passes(device, filter)),
    };
  });
  const kept = isFiltering(filter) ? rows.filter(({ devices }) => devices?.length !== 0) : rows;
  const shown = kept.toSorted((one, other) =>
    order === 'risk'
      ? byWorstDevice(one.devices, other.devices)
      : one.person.displayName.localeCompare(other.person.displayName),
  );
  const failures = people.filter(({ id }) => lookups.of(id)?.state === 'failed').length;
  const devices = new Set(shown.flatMap((row) => row.devices?.map(({ id }) => id) ?? []));

  return (
    <section className="pane people" aria-labelledby="people-title">
      <h2 id="people-title" className="unseen">
        People
      </h2>
      <SearchBox />
      <FilterBar filter={filter} onFilter={onFilter} order={order} onOrder={setOrder} />
      <p className="status quiet" role="status">
        {isSearching
          ? 'Searching'
          : [
              count(shown.length, 'person', 'people'),
              count(devices.size, 'device'),
              rows.length > shown.length && `${rows.length - shown.length} filtered out`,
              failures > 0 && `${failures} not read yet`,
            ]
              .filter(Boolean)
              .join(' · ')}
      </p>
      {isFailed && (
        <Trouble title="The directory doesn’t answer" onRetry={retry}>
          Nobody could be looked up. Your search is kept.
        </Trouble>
      )}
      {!isFailed && !isSearching && rows.length === 0 && (
        <div className="empty">
          <p className="empty-title">Nobody found</p>
          <p>No name, account or department holds “{search.trim()}”.</p>
          <button type="button" className="button" onClick={() => go({ search: '' })}>
            Show everybody
          </button>
        </div>
      )}
      {rows.length > 0 && shown.length === 0 && (
        <div className="empty">
          <p className="empty-title">No device passes the filter</p>
          <p>None of the {count(rows.length, 'person', 'people')} found has one.</p>
        </div>
      )}
      {isSearching && rows.length === 0 && <Skeleton />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it listens for the buttons in it */}
      <ul className="rows" onKeyDown={moveFocus}>
        {shown.map(({ person, devices: own }) => (
          <PersonRow
            key={person.id}
            person={person}
            devices={own}
            known={loaded.get(person.id)}
            lookup={lookups.of(person.id)}
            isFiltered={isFiltering(filter)}
            isChosen={person.id === chosen}
          />
        ))}
      </ul>
      {more && !isSearching && (
        <button type="button" className="button more" onClick={more}>
          Show more people
        </button>
      )}
    </section>
  );
}

/** Arrow keys, Home and End move along the rows. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.row-main')];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  rows[next]?.focus();
}

/** On a narrow page, where the person takes the list's place: coming back finds the row again. */
function useReturnToRow(chosen: string): void {
  const before = useRef(chosen);
  useEffect(() => {
    if (chosen === '' && before.current !== '') {
      document.getElementById(`person-${before.current}`)?.focus();
    }
    before.current = chosen;
  }, [chosen]);
}

function Skeleton() {
  return (
    <div aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((place) => (
        <div key={place} className="row row-skeleton">
          <span className="bone" />
          <span className="bone bone-short" />
        </div>
      ))}
    </div>
  );
}
