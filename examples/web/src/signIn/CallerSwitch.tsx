import { useId } from 'react';
import type { Caller } from './session.ts';

export interface CallerSwitchProps {
  readonly caller: Caller;
  readonly callers: readonly Caller[];
  readonly onSwitch: (name: string) => void;
}

/** Device groups at work: the same question, asked by somebody who may see other devices. */
export function CallerSwitch({ caller, callers, onSwitch }: CallerSwitchProps) {
  const id = useId();
  return (
    <div className="caller">
      <label htmlFor={id}>Signed in as</label>
      <select
        id={id}
        value={caller.name}
        aria-describedby={`${id}-sees`}
        onChange={({ target }) => onSwitch(target.value)}
      >
        {callers.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      <p id={`${id}-sees`}>Sees {caller.sees}</p>
    </div>
  );
}
