/** The most calls in any window of so many milliseconds, as who counts at Defender would see them. */
export function mostIn(milliseconds: number, times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let oldest = 0;
  for (const [index, time] of sorted.entries()) {
    while ((sorted[oldest] ?? time) <= time - milliseconds) oldest += 1;
    most = Math.max(most, index - oldest + 1);
  }
  return most;
}
