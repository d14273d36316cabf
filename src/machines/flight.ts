import type { MachinesOfUser, Sighting } from './sighting.ts';

interface Flight {
  readonly key: string;
  readonly landing: Promise<Sighting>;
  readonly cancellation: AbortController;
  waiting: number;
}

/**
 * One flight for all who ask for the same user with the same rights at the same moment. Who goes away leaves the
 * others waiting; when the last has gone, the flight is cancelled.
 */
export function shared(next: MachinesOfUser): MachinesOfUser {
  const flights = new Map<string, Flight>();

  // A cancelled flight is struck off before it has ended, and another may have departed since.
  function strikeOff(flight: Flight): void {
    if (flights.get(flight.key) === flight) flights.delete(flight.key);
  }

  function leave(flight: Flight, reason: unknown): void {
    flight.waiting -= 1;
    if (flight.waiting > 0) return;
    strikeOff(flight);
    flight.cancellation.abort(reason);
  }

  function board(flight: Flight, signal: AbortSignal): Promise<Sighting> {
    flight.waiting += 1;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(signal.reason);
        leave(flight, signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      flight.landing
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  return async (caller, userName, signal) => {
    signal.throwIfAborted();
    const key = `${caller.partition}/${userName}`;
    let flight = flights.get(key);
    if (!flight) {
      const cancellation = new AbortController();
      const landing = next(caller, userName, cancellation.signal);
      const departed: Flight = { key, landing, cancellation, waiting: 0 };
      flights.set(key, departed);
      landing.finally(() => strikeOff(departed)).catch(() => {});
      flight = departed;
    }
    return board(flight, signal);
  };
}
