import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';

/** What became of the requests that callers sent. */
export class Tally {
  answered = 0;
  refused = 0;
  /** In words. */
  readonly lost: string[] = [];
}

/** Opens connections to a server as long as it says that it is ready, as far as it has looked. */
export class LoadBalancer {
  readonly #origin: string;
  isOpen = true;

  constructor(url: string) {
    this.#origin = new URL(url).origin;
  }

  /** Looks every so many milliseconds, until the server is not ready. */
  async watch(milliseconds: number): Promise<void> {
    while (this.isOpen) {
      await sleep(milliseconds);
      try {
        this.isOpen = (await fetch(new URL('/readyz', this.#origin))).ok;
      } catch {
        this.isOpen = false;
      }
    }
  }

  /**
   * One caller: asks again and again on a connection that it keeps open, and opens another one when the server has ended
   * it. Ends when there is none to be had.
   */
  async callAgainAndAgain(body: () => string, token: string, tally: Tally): Promise<void> {
    while (this.isOpen) {
      const client = new Client(this.#origin, { pipelining: 1, keepAliveTimeout: 60_000 });
      let isKept = true;
      while (isKept) isKept = await this.#call(client, body(), token, tally);
      await client.destroy();
    }
  }

  /** Whether the connection can be used again. */
  async #call(client: Client, body: string, token: string, tally: Tally): Promise<boolean> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    try {
      const answer = await client.request({ method: 'POST', path: '/graphql', headers, body });
      const text = await answer.body.text();
      const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
      if (answer.statusCode === 200 && data && !errors) tally.answered += 1;
      else tally.lost.push(`status ${answer.statusCode}: ${text}`);
      return answer.headers['connection'] !== 'close';
    } catch (error) {
      // Errors of Node's own are of another realm than this test's, so none is an instance of its Error.
      const { code } = Object(error) as { readonly code?: string };
      if (code === 'ECONNREFUSED') {
        // While it says that it is ready, it has to take connections.
        if (this.isOpen && (await this.#isReady())) tally.lost.push('refused, while it was ready');
        else tally.refused += 1;
        this.isOpen = false;
      } else tally.lost.push(`${code}: ${String(error)}`);
      return false;
    }
  }

  async #isReady(): Promise<boolean> {
    const answer = await fetch(new URL('/readyz', this.#origin)).catch(() => undefined);
    return answer?.ok ?? false;
  }
}
