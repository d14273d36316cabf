import { useEffect, useRef } from 'react';
import { DeviceTable } from '../devices/DeviceTable.tsx';
import { FailureNote } from '../devices/FailureNote.tsx';
import { isFiltering, passes, type DeviceFilter } from '../devices/filter.ts';
import { Freshness } from '../devices/Freshness.tsx';
import type { LoadedPerson } from '../devices/lookups.ts';
import { devicesInOrder } from '../devices/order.ts';
import { count } from '../devices/words.ts';
import { useAddress } from '../page/address.ts';
import { useLoaded } from '../page/desk.ts';

/** Where the person takes the place of the list. */
const NARROW = '(max-width: 799px)';

/** One person with all their devices. A link to somebody who isn't in the list asks for them alone. */
export function PersonPane({ filter }: { readonly filter: DeviceFilter }) {
  const [{ person: id }, go] = useAddress();
  const { loaded, lookups } = useLoaded();
  const heading = useRef<HTMLHeadingElement>(null);
  const known = loaded.get(id);
  const lookup = lookups.of(id);
  const person = lookups.person(id);
  const title = person?.displayName ?? id;

  useEffect(() => {
    if (id !== '') void lookups.askNew([id]);
    if (id !== '' && window.matchMedia(NARROW).matches) heading.current?.focus();
  }, [id, lookups]);
  useEffect(() => {
    if (title !== '') document.title = `${title} · People and devices`;
  }, [title]);

  if (id === '') {
    return (
      <section className="pane person person-none" aria-label="Person">
        <p className="empty-title">Choose a person</p>
        <p className="quiet">Their devices come up here, what matters first.</p>
      </section>
    );
  }
  return (
    <section className="pane person" aria-labelledby="person-title">
      <button type="button" className="button back" onClick={() => go({ person: '', device: '' })}>
        ‹ People
      </button>
      <div className="pane-head">
        <div>
          <p className="kind">Person</p>
          <h2 id="person-title" ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {person && (
            <p className="quiet">
              {[person.jobTitle, person.department, person.userPrincipalName]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )}
        </div>
        {known && lookup?.state !== 'failed' && (
          <div className="reading">
            <Freshness of={known.devices.machinesFreshness} />
            <button
              type="button"
              className="button button-small"
              disabled={lookup?.state === 'asking'}
              onClick={() => void lookups.ask([id])}
            >
              {lookup?.state === 'asking' ? 'Reading' : 'Read again'}
            </button>
          </div>
        )}
      </div>
      {lookup?.state === 'failed' && (
        <div className="empty">
          <p className="empty-title">The devices can’t be shown</p>
          <FailureNote failure={lookup.failure} personId={id} personName={title} />
          <p className="quiet">{lookup.failure.message}</p>
        </div>
      )}
      {!known && lookup?.state === 'asking' && <p className="quiet">Reading devices</p>}
      {known && <Devices person={known} filter={filter} />}
    </section>
  );
}

interface DevicesProps {
  readonly person: LoadedPerson;
  readonly filter: DeviceFilter;
}

function Devices({ person, filter }: DevicesProps) {
  const { machines } = person.devices;
  if (machines === null || machines.length === 0) {
    return (
      <div className="empty">
        <p className="empty-title">{machines === null ? 'Not known to Defender' : 'No devices'}</p>
        <p className="quiet">
          {machines === null
            ? 'Defender for Endpoint has never seen this account.'
            : 'Defender saw no logon to a device that you may see.'}
        </p>
      </div>
    );
  }
  const shown = devicesInOrder(person).filter((device) => passes(device, filter));
  const all = count(machines.length, 'device');
  return (
    <>
      <h3>{isFiltering(filter) ? `${shown.length} of ${all}` : all}</h3>
      {shown.length > 0 && <DeviceTable key={person.id} devices={shown} />}
    </>
  );
}
