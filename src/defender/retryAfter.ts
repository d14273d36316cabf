/** Whole, as RFC 9110 has it, or decimal, as Defender's family of APIs was seen to send it. */
const SECONDS = /^\d+(?:\.\d+)?$/;
/** Each form of an HTTP date begins with the name of a day. Date.parse alone would find a date in almost any text. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * How long a Retry-After header (RFC 9110, section 10.2.3) says to wait, in milliseconds. Undefined where it is absent or
 * says nothing.
 */
export function retryAfterMilliseconds(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (SECONDS.test(text)) return Number(text) * 1_000;
  if (!HTTP_DATE.test(text)) return undefined;
  // The form of asctime names no zone, and means GMT.
  const moment = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}
