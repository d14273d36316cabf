import { spanned, type Tracing } from '../telemetry/tracing.ts';
import type { MachinesOfUser } from './sighting.ts';

/** A span for each user that comes by here. */
export function traced(
  name: string,
  tracing: Tracing | undefined,
  next: MachinesOfUser,
): MachinesOfUser {
  if (!tracing) return next;
  return (caller, userName, signal) => {
    const span = tracing.start(name);
    return spanned(span, async () => {
      const sighting = await next(caller, userName, signal);
      span.set({
        'user_machines.source': sighting.source,
        'user_machines.devices': sighting.machines?.length ?? 0,
      });
      return sighting;
    });
  };
}
