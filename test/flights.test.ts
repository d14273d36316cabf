import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createFlights } from '../src/flights.ts';

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
