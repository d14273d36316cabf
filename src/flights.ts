import { isListenedTo, onAbort } from './flights/onAbort.ts';

/** Work that several callers wait for at once: one flight a key, which one caller's leaving does not end. */
export interface Flights<Value> {
  /**
   * Waits for the flight of `key`, and starts it where there is none. Rejects with the reason of `signal` as soon as
   * that is aborted; `work` is told by its own signal, once nobody waits any more. When the flight has landed, that signal
   * serves another one: `work` must leave nothing behind that looks at it, and derive none by `AbortSignal.any`, which it
   * would keep.
   */
  join(
    key: string,
    signal: AbortSignal,
    work: (abandoned: AbortSignal) => Promise<Value>,
  ): Promise<Value>;
}

interface Flight<Value> {
  /** Until it has landed. */
  landing: Promise<Value>;
  readonly abandon: AbortController;
  waiting: number;
}

/**
 * Takes the place of a landing that is over. When a Map grows, V8 leaves its former table behind, which still names the
 * flights of that time: through them, answers would live until old memory is collected.
 */
const NOBODY_JOINS: Promise<never> = Promise.reject(new Error('joined after the landing'));
NOBODY_JOINS.catch(() => {});
/** About as many as are under way at once. */
const MOST_UNUSED = 100;

export function createFlights<Value>(): Flights<Value> {
  const flights = new Map<string, Flight<Value>>();
  /** Of flights that have landed. To make a controller with its signal takes longer than all else that is done here. */
  const unused: AbortController[] = [];

  const close = (key: string, flight: Flight<Value>) => {
    // An abandoned flight lands late, when the next one may already have its key.
    if (flights.get(key) === flight) flights.delete(key);
  };

  const depart = (key: string, work: (abandoned: AbortSignal) => Promise<Value>) => {
    const abandon = unused.pop() ?? new AbortController();
    const flight: Flight<Value> = { landing: work(abandon.signal), abandon, waiting: 0 };
    flights.set(key, flight);
    const landed = () => {
      close(key, flight);
      flight.landing = NOBODY_JOINS;
      const { signal } = abandon;
      const isAsNew = !signal.aborted && !isListenedTo(signal);
      if (isAsNew && unused.length < MOST_UNUSED) unused.push(abandon);
    };
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
          // One that has just landed may have passed its controller on.
          if (flight.waiting > 0 || flights.get(key) !== flight) return;
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
