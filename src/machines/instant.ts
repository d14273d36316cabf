/** RFC 3339 with any number of fraction digits. */
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;

/** What Defender sends, on any day but 29 February: for that, nobody needs to look into the calendar. */
const PLAIN =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** Whether `text` is a date and time by RFC 3339. */
export function isDateTime(text: string): boolean {
  return PLAIN.test(text) || instantOf(text) !== undefined;
}

/**
 * Units of 100 nanoseconds since the epoch, which is what the API's seven digits say and a Date loses; digits beyond
 * are cut off. Undefined where `dateTime` is not RFC 3339.
 */
export function instantOf(dateTime: string): bigint | undefined {
  const [, second, fraction = '', offset] = RFC_3339.exec(dateTime.toUpperCase()) ?? [];
  if (second === undefined || offset === undefined || !isInCalendar(second)) return undefined;
  const milliseconds = Date.parse(second + offset);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** Date.parse takes 30 February and 24 o'clock, and rolls them over into the next month or day. */
function isInCalendar(second: string): boolean {
  const milliseconds = Date.parse(`${second}Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(second);
}
