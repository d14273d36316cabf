/** Milliseconds by which a timer may be late in a process that is not busy. */
const LATE = 10;

/**
 * Rejects when `work` takes longer than so many milliseconds; what it does after that is let be. A process that was busy
 * meanwhile has kept the answer waiting itself: it gives Redis the same time once more.
 */
export function withTimeLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let hasMore = true;
    // Late timers run before the answers that came in meanwhile are read: those go first.
    const expire = () => setImmediate(onTime);
    const onTime = () => {
      if (hasMore && performance.now() - started > milliseconds + LATE) {
        hasMore = false;
        timer = setTimeout(expire, milliseconds);
      } else reject(new Error(`Redis took over ${milliseconds} ms`));
    };
    let timer = setTimeout(expire, milliseconds);
    const end = () => {
      hasMore = false;
      clearTimeout(timer);
    };
    work.then(resolve, reject).finally(end);
  });
}
