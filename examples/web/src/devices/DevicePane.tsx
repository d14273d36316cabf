import { useEffect, useRef, type ReactNode } from 'react';
import { useAddress } from '../page/address.ts';
import { ageOf } from '../page/age.ts';
import { useLoaded } from '../page/desk.ts';
import { useNow } from '../page/now.ts';
import { DeviceName } from './DeviceName.tsx';
import { Level } from './Level.tsx';
import type { Device, LoadedPerson } from './lookups.ts';
import { isTroubled } from './order.ts';
import {
  ANTIVIRUS,
  count,
  EXPOSURE,
  HEALTH,
  MANAGED_BY,
  ONBOARDING,
  RISK,
  systemOf,
  VALUE,
} from './words.ts';

const MINUTE = 60_000;
/** Where the device lies below or instead of the person, and not beside. */
const NARROW = '(max-width: 1199px)';

/** One device, and who else was seen on it: both from what is loaded. */
export function DevicePane({ id }: { readonly id: string }) {
  const { loaded } = useLoaded();
  const [{ person }, go] = useAddress();
  const heading = useRef<HTMLHeadingElement>(null);
  const people = [...loaded.values()].filter(({ devices }) =>
    devices.machines?.some((machine) => machine.id === id),
  );
  const device = people[0]?.devices.machines?.find((machine) => machine.id === id);
  const isThere = device !== undefined;

  useEffect(() => {
    if (isThere && window.matchMedia(NARROW).matches) heading.current?.focus();
  }, [isThere]);

  const close = () => {
    go({ device: '' });
    document.getElementById(`device-${id}`)?.focus();
  };
  return (
    <section className="pane device" aria-labelledby="device-title">
      <button type="button" className="button back" onClick={close}>
        ‹ {loaded.get(person)?.displayName ?? 'Back'}
      </button>
      <div className="pane-head">
        <div>
          <p className="kind">Device</p>
          <h2 id="device-title" ref={heading} tabIndex={-1}>
            {device ? <DeviceName device={device} /> : 'Not loaded'}
          </h2>
          {device && <p className="quiet">{systemOf(device)}</p>}
        </div>
        <button type="button" className="button button-close" aria-label="Close" onClick={close}>
          ×
        </button>
      </div>
      {device ? (
        <>
          <Facts device={device} />
          <Others people={people.filter((other) => other.id !== person)} searched={loaded.size} />
        </>
      ) : (
        <p className="quiet">
          Nobody whose devices are loaded has this device, or you may not see it.
        </p>
      )}
    </section>
  );
}

function Facts({ device }: { readonly device: Device }) {
  const now = useNow(MINUTE);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Risk', <Level key="risk" value={device.riskScore} words={RISK} />],
    ['Exposure', <Level key="exposure" value={device.exposureLevel} words={EXPOSURE} />],
    [
      'Sensor',
      <span key="health" className="health" data-troubled={isTroubled(device)}>
        {HEALTH[device.healthStatus ?? 'UNKNOWN']}
      </span>,
    ],
    ['Group', device.rbacGroupName ?? 'No group'],
    ['Last seen', ageOf(device.lastSeen, now)],
    ['First seen', ageOf(device.firstSeen, now)],
    ['Antivirus', device.defenderAvStatus && ANTIVIRUS[device.defenderAvStatus]],
    ['Onboarding', device.onboardingStatus && ONBOARDING[device.onboardingStatus]],
    ['Value', device.deviceValue && VALUE[device.deviceValue]],
    ['Managed by', device.managedBy && MANAGED_BY[device.managedBy]],
    ['Address', device.lastIpAddress],
    ['Seen from', device.lastExternalIpAddress],
    ['Agent', device.agentVersion],
    ['Tags', device.machineTags?.length === 0 ? 'None' : device.machineTags?.join(', ')],
  ];
  return (
    <>
      {device.isPotentialDuplication === true && (
        <p className="badge badge-warning">May be a duplicate of another device</p>
      )}
      <dl className="facts">
        {facts.map(([title, fact]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{fact || <span className="quiet">Not known</span>}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface OthersProps {
  readonly people: readonly LoadedPerson[];
  /** How many people's devices were looked through. */
  readonly searched: number;
}

function Others({ people, searched }: OthersProps) {
  const [, go] = useAddress();
  return (
    <section aria-labelledby="others-title">
      <h3 id="others-title">Also on this device</h3>
      {people.length > 0 && (
        <ul className="others">
          {people.map(({ id, displayName, department }) => (
            <li key={id}>
              <button type="button" className="link" onClick={() => go({ person: id })}>
                {displayName}
              </button>
              <span className="quiet">{department}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="quiet">
        {people.length === 0 && 'Nobody else. '}
        Found among the {count(searched, 'person', 'people')} loaded here, without a call.
      </p>
    </section>
  );
}
