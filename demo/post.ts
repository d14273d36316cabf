export interface Reply<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ReplyError[];
}

interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
}

/** Sends a GraphQL request as any client does. */
export async function post<Data>(
  url: string,
  token: string,
  body: { readonly query: string; readonly variables?: object },
): Promise<Reply<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Reply<Data>;
}
