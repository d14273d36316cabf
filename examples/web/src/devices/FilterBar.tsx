import { useId, type ReactNode } from 'react';
import { useLoaded } from '../page/desk.ts';
import { isFiltering, NO_FILTER, type DeviceFilter } from './filter.ts';

export interface FilterBarProps {
  readonly filter: DeviceFilter;
  readonly onFilter: (filter: DeviceFilter) => void;
  readonly order: 'risk' | 'name';
  readonly onOrder: (order: 'risk' | 'name') => void;
}

/** Which of the loaded devices to show, and who comes first. Neither asks anybody anything. */
export function FilterBar({ filter, onFilter, order, onOrder }: FilterBarProps) {
  const { loaded } = useLoaded();
  const groups = new Set(
    [...loaded.values()].flatMap(({ devices }) =>
      (devices.machines ?? []).flatMap(({ rbacGroupName }) => rbacGroupName ?? []),
    ),
  );
  if (filter.group !== '') groups.add(filter.group);
  const change = (changes: Partial<DeviceFilter>) => onFilter({ ...filter, ...changes });
  return (
    <details className="filters">
      <summary>
        Filter and sort
        {isFiltering(filter) && <span className="badge">Filtered</span>}
      </summary>
      <div className="filter-fields">
        <Choice
          title="Risk"
          value={filter.risk}
          onChange={(risk) => change({ risk: risk as DeviceFilter['risk'] })}
        >
          <option value="any">Any</option>
          <option value="LOW">Low and up</option>
          <option value="MEDIUM">Medium and up</option>
          <option value="HIGH">High</option>
        </Choice>
        <Choice
          title="Sensor"
          value={filter.health}
          onChange={(health) => change({ health: health as DeviceFilter['health'] })}
        >
          <option value="any">Any</option>
          <option value="reporting">Reporting</option>
          <option value="troubled">In trouble</option>
        </Choice>
        <Choice title="Device group" value={filter.group} onChange={(group) => change({ group })}>
          <option value="">Any</option>
          {[...groups].toSorted().map((group) => (
            <option key={group}>{group}</option>
          ))}
        </Choice>
        <Choice
          title="Order"
          value={order}
          onChange={(next) => onOrder(next === 'name' ? 'name' : 'risk')}
        >
          <option value="risk">Riskiest first</option>
          <option value="name">By name</option>
        </Choice>
        <label className="field field-wide">
          <span>Device name</span>
          <input
            type="text"
            value={filter.name}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change({ name: target.value })}
          />
        </label>
        {isFiltering(filter) && (
          <button type="button" className="button button-small" onClick={() => onFilter(NO_FILTER)}>
            Clear the filter
          </button>
        )}
      </div>
    </details>
  );
}

interface ChoiceProps {
  readonly title: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ReactNode;
}

function Choice({ title, value, onChange, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
        {children}
      </select>
    </div>
  );
}
