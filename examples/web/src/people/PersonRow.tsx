import { FailureNote } from '../devices/FailureNote.tsx';
import { Freshness } from '../devices/Freshness.tsx';
import { Level } from '../devices/Level.tsx';
import type { Device, LoadedPerson, Lookup, Person } from '../devices/lookups.ts';
import { count, RISK } from '../devices/words.ts';
import { useAddress } from '../page/address.ts';

export interface PersonRowProps {
  readonly person: Person;
  /** The devices to show, what matters first; undefined until they are known. */
  readonly devices: readonly Device[] | undefined;
  readonly known: LoadedPerson | undefined;
  readonly lookup: Lookup | undefined;
  readonly isFiltered: boolean;
  readonly isChosen: boolean;
}

export function PersonRow(props: PersonRowProps) {
  const { person, known, lookup, isChosen } = props;
  const [, go] = useAddress();
  const { id, displayName, department, jobTitle } = person;
  return (
    <li className="row" data-chosen={isChosen}>
      <button
        type="button"
        className="row-main"
        id={`person-${id}`}
        aria-current={isChosen}
        onClick={() => go({ person: id, device: '' })}
      >
        <span className="row-name">{displayName}</span>
        <span className="row-work quiet">{[jobTitle, department].filter(Boolean).join(', ')}</span>
        <span className="row-devices">
          <Summary {...props} />
        </span>
      </button>
      {lookup?.state === 'failed' && (
        <FailureNote failure={lookup.failure} personId={id} personName={displayName} />
      )}
      {known && (
        <p className="row-badges">
          <Freshness of={known.devices.machinesFreshness} warningsOnly />
        </p>
      )}
    </li>
  );
}

function Summary({ devices, known, lookup, isFiltered }: PersonRowProps) {
  if (lookup?.state === 'failed') return null;
  if (!devices || !known) {
    return (
      <>
        <span className="bone bone-short" aria-hidden="true" />
        <span className="unseen">Reading devices</span>
      </>
    );
  }
  const all = known.devices.machines;
  if (all === null) return <span className="quiet">Not known to Defender</span>;
  if (all.length === 0) return <span className="quiet">No devices</span>;
  const [worst] = devices;
  const number = isFiltered ? `${devices.length} of ${count(all.length, 'device')}` : undefined;
  return (
    <>
      <span>{number ?? count(all.length, 'device')}</span>
      {worst && <Level value={worst.riskScore} words={RISK} of="Highest risk" />}
    </>
  );
}
