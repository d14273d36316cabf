const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const JUST_NOW_SECONDS = 5;

/** `4 minutes ago`; undefined for what is no moment, and for the year 1, which Defender sends for one it doesn't know. */
export function ageOf(moment: string | null | undefined, now: number): string | undefined {
  const at = moment ? Date.parse(moment) : Number.NaN;
  if (Number.isNaN(at) || at < 0) return undefined;
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < JUST_NOW_SECONDS) return 'just now';
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? (['second', 1] as const);
  return words.format(-Math.floor(seconds / length), unit);
}
