import type { Log } from '../telemetry/log.ts';
import { noMeter, type Meter } from '../telemetry/metrics.ts';

/** The values that the Defender API documents for a property, in GraphQL's spelling; UNKNOWN stands for all others. */
export const HEALTH_STATUS = [
  'ACTIVE',
  'INACTIVE',
  'IMPAIRED_COMMUNICATION',
  'NO_SENSOR_DATA',
  'NO_SENSOR_DATA_IMPAIRED_COMMUNICATION',
  'UNKNOWN',
] as const;
export const RISK_SCORE = ['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'UNKNOWN'] as const;
export const EXPOSURE_LEVEL = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'UNKNOWN'] as const;
export const DEVICE_VALUE = ['LOW', 'NORMAL', 'HIGH', 'UNKNOWN'] as const;
export const ONBOARDING_STATUS = [
  'ONBOARDED',
  'CAN_BE_ONBOARDED',
  'UNSUPPORTED',
  'INSUFFICIENT_INFO',
  'UNKNOWN',
] as const;
export const MANAGED_BY = [
  'INTUNE',
  'MICROSOFT_DEFENDER_FOR_ENDPOINT',
  'CONFIG_MGR',
  'MDE',
  'UNKNOWN',
] as const;
export const DEFENDER_AV_STATUS = [
  'NOT_REPORTING',
  'DISABLED',
  'NOT_UPDATED',
  'UPDATED',
  'UNKNOWN',
  'NOT_SUPPORTED',
] as const;

type Words = readonly string[];

/** Reads one enum value; null where the API sends null, nothing or an empty text. */
export type ReadWord = <W extends Words>(
  property: string,
  words: W,
  value: unknown,
) => W[number] | null;

const LOGGED_AT_MOST = 1_000;
/** Of one property, to be read at once the next time. Defender keeps to one or two for each word. */
const MOST_SPELLINGS = 100;

/** Letter case and word breaks differ between documentation and payloads, so neither counts. */
export function createVocabulary(log: Pick<Log, 'warn'>, meter: Meter = noMeter): ReadWord {
  const lookups = new Map<Words, Map<string, string>>();
  const logged = new Set<string>();

  return (property, words, value) => {
    if (typeof value !== 'string' || value === '') return null;
    let lookup = lookups.get(words);
    if (!lookup) lookups.set(words, (lookup = new Map(words.map((word) => [bare(word), word]))));
    const known = lookup.get(value);
    if (known !== undefined) return known;
    const word = lookup.get(bare(value));
    if (word !== undefined) {
      if (lookup.size < MOST_SPELLINGS) lookup.set(value, word);
      return word;
    }

    meter.add('unknownValues', { property });
    const sighted = `${property}=${value.slice(0, 64)}`;
    if (!logged.has(sighted) && logged.size < LOGGED_AT_MOST) {
      logged.add(sighted);
      log.warn({ property, value: value.slice(0, 64) }, 'a value that the API documents nowhere');
    }
    return 'UNKNOWN';
  };
}

function bare(text: string): string {
  return text.replaceAll(/[\s_-]/g, '').toLowerCase();
}
