import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { isListenedTo, onAbort } from '../../src/flights/onAbort.ts';

test('tasks run when their signal aborts, but for those that were taken back', () => {
  const controller = new AbortController();
  const done: string[] = [];
  onAbort(controller.signal, () => done.push('first'));
  const takeBack = onAbort(controller.signal, () => done.push('second'));
  onAbort(controller.signal, () => done.push('third'));
  takeBack();
  controller.abort();
  controller.abort();
  expect(done).toEqual(['first', 'third']);
});

test('a signal has one listener, however many tasks come and go', () => {
  const { signal } = new AbortController();
  for (let task = 0; task < 100; task += 1) onAbort(signal, () => {})();
  onAbort(signal, () => {});
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
});

test('a signal is listened to as long as there is a task, or a listener of others', () => {
  const { signal } = new AbortController();
  expect(isListenedTo(signal)).toBe(false);
  const takeBack = onAbort(signal, () => {});
  expect(isListenedTo(signal)).toBe(true);
  takeBack();
  expect(isListenedTo(signal)).toBe(false);
  const listener = () => {};
  signal.addEventListener('abort', listener);
  expect(isListenedTo(signal)).toBe(true);
  signal.removeEventListener('abort', listener);
  expect(isListenedTo(signal)).toBe(false);
});
