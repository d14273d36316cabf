/** A whole request, ready to be written to a connection. */
export function graphqlRequest(url: URL, authorization: string, body: string): Buffer {
  return Buffer.from(
    [
      `POST ${url.pathname} HTTP/1.1`,
      `host: ${url.host}`,
      'content-type: application/json',
      'accept: application/json',
      `authorization: ${authorization}`,
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

export function restRequest(url: URL, authorization: string): Buffer {
  const head = [`GET ${url.pathname} HTTP/1.1`, `host: ${url.host}`];
  return Buffer.from([...head, `authorization: ${authorization}`, '', ''].join('\r\n'));
}
