import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startPage, type Page } from '../../../demo/page.ts';

let page: Page;
beforeAll(async () => {
  page = await startPage({ say: () => {} });
});
afterAll(() => page.close());

/** The status that a raw request line gets; a URL parser would have tidied the path up. */
async function statusOf(path: string, host = new URL(page.url).host): Promise<number> {
  const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  return Number((await text(socket)).split(' ')[1]);
}

describe('the page’s server', () => {
  test('serves the built page, which may load nothing from elsewhere', async () => {
    const response = await fetch(page.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain('<title>People and devices</title>');
  });

  test.each([
    '/../package.json',
    '/assets/../../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/',
    '//etc/passwd',
    '/nothing',
  ])('serves nothing but the built files: %s', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  test('answers to its own name alone, so that no foreign page can read its tokens', async () => {
    expect(await statusOf('/demo/callers')).toBe(200);
    expect(await statusOf('/demo/callers', 'evil.example')).toBe(421);
    expect(await statusOf('/demo/callers', `evil.example:${new URL(page.url).port}`)).toBe(421);
  });

  test('gives tokens to the page’s callers and to nobody else', async () => {
    const ask = (body: object) =>
      fetch(`${page.url}demo/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const response = await ask({ caller: 'bob' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ token: expect.stringMatching(/^ey/) });
    expect((await ask({ caller: 'reporter' })).status).toBe(400);
    expect((await ask({})).status).toBe(400);
  });
});
