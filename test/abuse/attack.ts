/** One hostile request, or one connection, and what has to become of it. */
export interface Attack {
  readonly name: string;
  /** All that is written to a connection of its own. */
  readonly send: Bytes;
  /**
   * Status, and the codes of all GraphQL errors, such as `400 GRAPHQL_PARSE_FAILED`. Several answers on one connection
   * have a comma between them; it is `none` where the connection is closed without a word.
   */
  readonly answer: string;
  /** It is longer than is read: the answer can be lost when the connection is cut under what is still written. */
  readonly isCut?: boolean;
  /** How often it is sent, one after the other: once unless it says so. */
  readonly times?: number;
  /** Account names that Defender is rightly asked for, once each. */
  readonly asks?: readonly string[];
}

/** Where it is sent, and a token with which Defender would answer. */
interface Target {
  /** As the header `Host` has it. */
  readonly host: string;
  readonly token: string;
}

export type Bytes = (target: Target) => Buffer;

export interface Message {
  readonly method?: string;
  readonly path?: string;
  /** Beside those that every request has, or in their place; without those that are undefined. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Is sent as JSON, unless it is text or bytes. */
  readonly body?: unknown;
}

/** One well-formed request, whatever is in it. Each character of a header is sent as one byte. */
export function request({ method = 'POST', path = '/graphql', headers, body }: Message): Bytes {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = Buffer.from(isRaw ? body : body === undefined ? '' : JSON.stringify(body));
  return ({ host, token }) => {
    const all = {
      host,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': String(bytes.byteLength),
      connection: 'close',
      ...headers,
    };
    const lines = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    const head = [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
    return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
  };
}

export function query(text: string, variables: object = {}): Bytes {
  return request({ body: { query: text, variables } });
}

/** Text as it is, one byte for each character, with `{host}` and `{token}` filled in. */
export function raw(text: string): Bytes {
  return ({ host, token }) =>
    Buffer.from(text.replaceAll('{host}', host).replaceAll('{token}', token), 'latin1');
}

/** `count` parts with a space between them. */
export function repeated(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join(' ');
}

export function rows(
  answer: string,
  attacks: Readonly<Record<string, Bytes>>,
  more: Pick<Attack, 'isCut' | 'times' | 'asks'> = {},
): Attack[] {
  return Object.entries(attacks).map(([name, send]) => ({ name, send, answer, ...more }));
}
