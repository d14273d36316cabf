/** Round by round, since the machine is the same only within a round. */
export function ratios(own: readonly number[], other: readonly number[]): number[] {
  return own.map((value, round) => value / (other[round] ?? NaN));
}
