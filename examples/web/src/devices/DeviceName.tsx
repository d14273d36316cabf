import type { Device } from './lookups.ts';
import { nameOf } from './words.ts';

/** The name with its domain in a quieter tone, and a place to break the line between the two. */
export function DeviceName({ device }: { readonly device: Device }) {
  const name = nameOf(device);
  const dot = name.indexOf('.');
  if (dot <= 0) return <span className="host">{name}</span>;
  return (
    <>
      <span className="host">{name.slice(0, dot)}</span>
      <wbr />
      <span className="domain">{name.slice(dot)}</span>
    </>
  );
}
