/** The same text in memory of its own: a slice would keep all of the text that it was cut out of. */
export function apart(text: string): string {
  return Buffer.from(text).toString();
}
