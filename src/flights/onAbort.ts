import { getEventListeners } from 'node:events';

const tasksBySignal = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs `task` when the signal aborts, unless the returned function is called before; never for a signal that has aborted.
 * A signal looks through all its listeners for each that comes or goes, and thousands wait for one request; and a listener
 * takes ten times as long as a task. So each signal has one listener, from its first task to its end: not for signals of
 * `AbortSignal.any` and `timeout`, which Node keeps as long as anybody listens.
 */
export function onAbort(signal: AbortSignal, task: () => void): () => void {
  const tasks = tasksBySignal.get(signal) ?? listenTo(signal);
  tasks.add(task);
  return () => void tasks.delete(task);
}

/** Whether anybody is to be told when the signal aborts. */
export function isListenedTo(signal: AbortSignal): boolean {
  const tasks = tasksBySignal.get(signal);
  const others = getEventListeners(signal, 'abort').length - (tasks ? 1 : 0);
  return others > 0 || (tasks !== undefined && tasks.size > 0);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const tasks = new Set<() => void>();
  const run = () => {
    for (const task of tasks) task();
  };
  signal.addEventListener('abort', run, { once: true });
  tasksBySignal.set(signal, tasks);
  return tasks;
}
