import { useState } from 'react';
import { useAddress } from '../page/address.ts';
import { ageOf } from '../page/age.ts';
import { useNow } from '../page/now.ts';
import { DeviceName } from './DeviceName.tsx';
import { Level } from './Level.tsx';
import type { Device } from './lookups.ts';
import { isTroubled } from './order.ts';
import { count, EXPOSURE, HEALTH, RISK, systemOf } from './words.ts';

const SHOWN_AT_FIRST = 25;
const MINUTE = 60_000;

/** Devices in the order given. The roles are written out because narrow pages lay the table out as cards. */
export function DeviceTable({ devices }: { readonly devices: readonly Device[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? devices : devices.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <table className="devices" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {['Device', 'Risk', 'Exposure', 'Sensor', 'Group', 'Last seen'].map((title) => (
              <th key={title} role="columnheader" scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((device) => (
            <DeviceRow key={device.id} device={device} />
          ))}
        </tbody>
      </table>
      {shown.length < devices.length && (
        <button type="button" className="button" onClick={() => setWhole(true)}>
          Show all {count(devices.length, 'device')}
        </button>
      )}
    </>
  );
}

function DeviceRow({ device }: { readonly device: Device }) {
  const [{ device: chosen }, go] = useAddress();
  const now = useNow(MINUTE);
  const { id, riskScore, exposureLevel, healthStatus, rbacGroupName, lastSeen } = device;
  return (
    <tr role="row" data-chosen={chosen === id}>
      <th role="rowheader" scope="row">
        <button
          type="button"
          className="link"
          id={`device-${id}`}
          aria-current={chosen === id}
          onClick={() => go({ device: id })}
        >
          <DeviceName device={device} />
        </button>
        <span className="quiet">{systemOf(device)}</span>
      </th>
      <td role="cell" data-title="Risk">
        <Level value={riskScore} words={RISK} />
      </td>
      <td role="cell" data-title="Exposure">
        <Level value={exposureLevel} words={EXPOSURE} />
      </td>
      <td role="cell" data-title="Sensor">
        <span className="health" data-troubled={isTroubled(device)}>
          {HEALTH[healthStatus ?? 'UNKNOWN']}
        </span>
      </td>
      <td role="cell" data-title="Group">
        {rbacGroupName ?? <span className="quiet">No group</span>}
      </td>
      <td role="cell" data-title="Last seen">
        {ageOf(lastSeen, now) ?? <span className="quiet">Not known</span>}
      </td>
    </tr>
  );
}
