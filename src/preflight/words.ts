const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Milliseconds as a person would say them: "3 hours". */
export function spanInWords(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => milliseconds >= least) ?? ['second', 1_000];
  const count = Math.floor(milliseconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A claim of a token that nobody has verified: shown where it is a plain name, so that it can't play with a terminal. */
export function claimInWords(claim: unknown): string {
  const isPlain = typeof claim === 'string' && /^[\w.:/@-]{1,200}$/.test(claim);
  return isPlain ? claim : claim === undefined ? '(none)' : '(no plain name)';
}
