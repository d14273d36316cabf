import type { Device } from './lookups.ts';
import { isTroubled, riskRank } from './order.ts';
import { nameOf } from './words.ts';

/** What to keep of the devices that are loaded. It is applied here, in the browser: a filter asks nobody anything. */
export interface DeviceFilter {
  readonly risk: 'any' | 'LOW' | 'MEDIUM' | 'HIGH';
  readonly health: 'any' | 'reporting' | 'troubled';
  /** The name of a device group; '' for any. */
  readonly group: string;
  /** Part of the device's name; '' for any. */
  readonly name: string;
}

export const NO_FILTER: DeviceFilter = { risk: 'any', health: 'any', group: '', name: '' };

const LEAST: Readonly<Record<DeviceFilter['risk'], number>> = {
  any: -1,
  LOW: 2,
  MEDIUM: 3,
  HIGH: 4,
};

export function isFiltering({ risk, health, group, name }: DeviceFilter): boolean {
  return risk !== 'any' || health !== 'any' || group !== '' || name.trim() !== '';
}

export function passes(device: Device, { risk, health, group, name }: DeviceFilter): boolean {
  return (
    riskRank(device) >= LEAST[risk] &&
    (health === 'any' || isTroubled(device) === (health === 'troubled')) &&
    (group === '' || device.rbacGroupName === group) &&
    nameOf(device).toLowerCase().includes(name.trim().toLowerCase())
  );
}
