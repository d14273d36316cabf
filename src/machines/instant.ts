/** RFC 3339 with any number of fraction digits. */
const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;

/** Whether `text` is a date and time by RFC 3339. */
export function isDateTime(text: string): boolean {
  return RFC_3339.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * A text that sorts as the instant does, down to 100 nanoseconds, which is what the API's seven digits say and a Date
 * loses. Undefined where `dateTime` is not RFC 3339.
 */
export function instantOf(dateTime: string): string | undefined {
  const [, second, fraction = '', offset] = RFC_3339.exec(dateTime) ?? [];
  if (second === undefined || offset === undefined) return undefined;
  const utc = offset.toUpperCase() === 'Z' ? second : inUtc(second + offset);
  return utc && `${utc}.${fraction.padEnd(7, '0').slice(0, 7)}`;
}

function inUtc(dateTime: string): string | undefined {
  const milliseconds = Date.parse(dateTime);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString().slice(0, 19);
}
