import { setMaxListeners } from 'node:events';

/** Work that several callers wait for at once: one flight a key, which one caller's leaving does not end. */
export interface Flights<Value> {
  /**
   * Waits for the flight of `key`, and starts it where there is none. Rejects with the reason of `signal` as soon as
   * that is aborted; `work` is told by its own signal, once nobody waits any more.
   */
  join(
    key: string,
    signal: AbortSignal,
    work: (abandoned: AbortSignal) => Promise<Value>,
  ): Promise<Value>;
}

interface Flight<Value> {
  readonly landing: Promise<Value>;
  readonly abandon: AbortController;
  waiting: number;
}

export function createFlights<Value>(): Flights<Value> {
  const flights = new Map<string, Flight<Value>>();

  const close = (key: string, flight: Flight<Value>) => {
    // An abandoned flight lands late, when the next one may already have its key.
    if (flights.get(key) === flight) flights.delete(key);
  };

  const depart = (key: string, work: (abandoned: AbortSignal) => Promise<Value>) => {
    const abandon = new AbortController();
    const flight: Flight<Value> = { landing: work(abandon.signal), abandon, waiting: 0 };
    flights.set(key, flight);
    const landed = () => close(key, flight);
    flight.landing.then(landed, landed);
    return flight;
  };

  return {
    join(key, signal, work) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const flight = flights.get(key) ?? depart(key, work);
      flight.waiting += 1;
      // All who wait for one request share its signal; Node would call more than ten of them a leak.
      setMaxListeners(0, signal);
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(signal.reason);
          flight.waiting -= 1;
          if (flight.waiting > 0) return;
          close(key, flight);
          flight.abandon.abort(signal.reason);
        };
        const stay = () => signal.removeEventListener('abort', leave);
        signal.addEventListener('abort', leave, { once: true });
        flight.landing.then(resolve, reject).finally(stay);
      });
    },
  };
}
