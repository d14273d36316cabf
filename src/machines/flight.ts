import { Failure } from '../errors.ts';
import { createFlights } from '../flights.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';

/**
 * One flight for all who ask for the same user with the same rights at the same moment. Who goes away leaves the
 * others waiting; when the last has gone, the flight is cancelled.
 */
export function shared(next: MachinesOfUser): MachinesOfUser {
  const flights = createFlights<Sighting>();

  return async (caller, userName, signal) => {
    const key = `${caller.partition}/${userName}`;
    let isOwn = false;
    const join = () =>
      flights.join(key, signal, (abandoned) => {
        isOwn = true;
        return next(caller, userName, abandoned);
      });
    try {
      const sighting = await join();
      if (!isOwn && caller.record) caller.record.joined += 1;
      return sighting;
    } catch (error) {
      // Whose flight it was had perhaps less right to the budget, and made no call: this one asks for itself.
      if (isOwn || caller.priority !== 'interactive' || !isRateLimited(error)) throw error;
      return join();
    }
  };
}

function isRateLimited(error: unknown): boolean {
  return error instanceof Failure && error.code === 'RATE_LIMITED';
}
