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
      return new Promise((resolve, reject) => {
        const stay = onAbort(signal, () => {
          reject(signal.reason);
          flight.waiting -= 1;
          if (flight.waiting > 0) return;
          close(key, flight);
          flight.abandon.abort(signal.reason);
        });
        // Not by "finally", which makes a promise more for each of hundreds.
        const ended =
          <T>(settle: (outcome: T) => void) =>
          (outcome: T) => {
            stay();
            settle(outcome);
          };
        flight.landing.then(ended(resolve), ended(reject));
      });
    },
  };
}

interface Departures {
  readonly tasks: Set<() => void>;
  readonly run: () => void;
}

const departures = new WeakMap<AbortSignal, Departures>();

/**
 * Runs `task` when the signal aborts, unless the returned function is called before. A signal looks through all its listeners
 * for each that comes or goes, and thousands wait for one request: here it has one, for as long as somebody waits.
 */
function onAbort(signal: AbortSignal, task: () => void): () => void {
  const { tasks, run } = departures.get(signal) ?? listenTo(signal);
  tasks.add(task);
  return () => {
    if (!tasks.delete(task) || tasks.size > 0) return;
    signal.removeEventListener('abort', run);
    departures.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Departures {
  const tasks = new Set<() => void>();
  const run = () => {
    for (const task of tasks) task();
  };
  signal.addEventListener('abort', run, { once: true });
  departures.set(signal, { tasks, run });
  return { tasks, run };
}
