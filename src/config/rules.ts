import { z } from 'zod';

/** One whole number, `fallback` where it is not set. */
export function whole(fallback: number, least: number, most: number) {
  return wholeIfSet(least, most).default(fallback);
}

/** One whole number, or none. */
export function wholeIfSet(least: number, most: number) {
  const isInRange = (text: string) =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  return z
    .string()
    .refine(isInRange, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .optional();
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** Values with commas between them. */
export function listOf(isValue: (text: string) => boolean, rule: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((value) => value.trim()))
    .refine((values) => values.every(isValue), rule);
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

export const ORIGIN_RULE =
  'must be an origin such as https://api.security.microsoft.com; http is taken only for a loopback address outside production';

/** Where tokens are sent: in clear text to this machine alone. */
export function origin() {
  return z.string().refine(isOrigin, ORIGIN_RULE);
}

export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin: parsed, hostname } = new URL(text);
  const isPlainLoopback = protocol === 'http:' && LOOPBACK.includes(hostname);
  return (protocol === 'https:' || isPlainLoopback) && [parsed, `${parsed}/`].includes(text);
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(text: string): boolean {
  return GUID.test(text);
}
