import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createFlights } from '../src/flights.ts';
import { onAbort } from '../src/flights/onAbort.ts';

const never = () => new Promise<string>(() => {});

describe('those who wait for flights', () => {
  test('listen to the signal that they share once, however many they are', async () => {
    const flights = createFlights<string>();
    const leaving = new AbortController();
    const abandoned: AbortSignal[] = [];
    const waiting = Array.from({ length: 1_000 }, (_, user) =>
      flights.join(`user${user}`, leaving.signal, (signal) => {
        abandoned.push(signal);
        return never();
      }),
    );
    expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(1);
    leaving.abort('gone');
    const reasons = await Promise.allSettled(waiting);
    expect(new Set(reasons.map((reason) => JSON.stringify(reason)))).toEqual(
      new Set([JSON.stringify({ status: 'rejected', reason: 'gone' })]),
    );
    expect(abandoned.every(({ aborted }) => aborted)).toBe(true);
    expect(abandoned).toHaveLength(1_000);
    expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(0);
  });

  test('are not counted again when the signal aborts after they have landed', async () => {
    const flights = createFlights<string>();
    const [early, late] = [new AbortController(), new AbortController()];
    let land: (landed: string) => void = () => {};
    const work = () => new Promise<string>((resolve) => (land = resolve));
    const landed = flights.join('user', early.signal, work);
    land('first');
    expect(await landed).toBe('first');
    const second = flights.join('user', late.signal, work);
    early.abort();
    land('second');
    expect(await second).toBe('second');
  });

  test('do not end the next flight when they leave in the moment in which theirs has landed', async () => {
    const flights = createFlights<string>();
    const [early, late, other] = [
      new AbortController(),
      new AbortController(),
      new AbortController(),
    ];
    let land: (landed: string) => void = () => {};
    const landing = new Promise<string>((resolve) => (land = resolve));
    const left = flights.join('user', early.signal, () => landing);
    void landing.then(() => late.abort('late'));
    const stayed = flights.join('user', late.signal, never);
    early.abort('early');
    land('here');
    await expect(left).rejects.toBe('early');
    await expect(stayed).rejects.toBe('late');
    let isEnded: boolean | undefined;
    const next = flights.join('another', other.signal, async ({ aborted }) => {
      isEnded = aborted;
      return 'next';
    });
    expect(await next).toBe('next');
    expect(isEnded).toBe(false);
  });

  test('leave a signal to the next flight only where nobody listens to it any more', async () => {
    const flights = createFlights<string>();
    const signals: AbortSignal[] = [];
    const { signal: waiting } = new AbortController();
    const fly = (work: (signal: AbortSignal) => void = () => {}) =>
      flights.join('user', waiting, async (signal) => {
        signals.push(signal);
        work(signal);
        return 'here';
      });
    await fly();
    await fly((signal) => onAbort(signal, () => {}));
    await fly((signal) => signal.addEventListener('abort', () => {}));
    await fly();
    const [first, second, third, fourth] = signals;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(fourth).not.toBe(third);
  });

  test('of several signals leave by their own', async () => {
    const flights = createFlights<string>();
    const [leaver, stayer] = [new AbortController(), new AbortController()];
    let land: (landed: string) => void = () => {};
    const work = () => new Promise<string>((resolve) => (land = resolve));
    const left = flights.join('user', leaver.signal, work);
    const stayed = flights.join('user', stayer.signal, work);
    leaver.abort('gone');
    await expect(left).rejects.toBe('gone');
    land('here');
    expect(await stayed).toBe('here');
  });
});
