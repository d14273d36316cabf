/** Rejects when `work` takes longer than so many milliseconds. What `work` does after that is let be. */
export function withTimeLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooSlow = () => reject(new Error(`Redis took over ${milliseconds} ms`));
    // A busy process runs late timers before it reads the answers that came in meanwhile: those go first.
    const timer = setTimeout(() => setImmediate(tooSlow), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
