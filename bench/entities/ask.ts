/** One request whose answer is read, for what is not timed. */
export async function ask(url: URL, authorization: string, body: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
    body,
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 1_000)}`);
  return JSON.parse(text);
}
