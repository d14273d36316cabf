import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { graphiqlPage } from '../../src/server/graphiql.ts';
import { examplesFor } from '../../src/server/graphiql/examples.ts';
import { openRoad, type Road } from '../road.ts';

/** As a browser opens an address. */
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('GraphiQL', () => {
  let road: Road;

  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  test('is what a browser finds at /graphql in development', async () => {
    const answer = await fetch(road.url, { headers: BROWSER });
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toBe(graphiqlPage(examplesFor('id')));
  });

  test('is never there in production', async () => {
    const { defender } = road;
    const inProduction = await openRoad(
      { NODE_ENV: 'production', DEFENDER_API_URL: '', DEFENDER_CLOUD: 'global' },
      {},
      road,
    );
    try {
      const answer = await fetch(inProduction.url, { headers: BROWSER });
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toMatch(/<html|graphiql/i);
      expect(defender.ledger.total).toBe(0);
    } finally {
      await inProduction.close();
    }
  });

  test('loads nothing: all that it needs is in the page', () => {
    const markup = outsideScripts(graphiqlPage(examplesFor('id')));
    expect(markup).not.toMatch(/<[^>]+\s(src|srcset|data|action|poster)\s*=/i);
    const links = [...markup.matchAll(/\shref\s*=\s*"([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual(['data:,']);
    expect(markup).not.toMatch(/url\((?!"?data:)|@import/i);
  });

  test('may load nothing either: its policy allows its own scripts, and to ask where it comes from', () => {
    const html = graphiqlPage(examplesFor('id'));
    const scripts = scriptsOf(html);
    expect(scripts).toHaveLength(4);
    expect(policyOf(html)).toEqual({
      'default-src': ["'none'"],
      'script-src': scripts.map(
        (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
      ),
      'style-src': ["'unsafe-inline'"],
      'font-src': ['data:'],
      'img-src': ['data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
    });
  });

  test('opens no other door: a form of another site is refused as before', async () => {
    const query = encodeURIComponent('{ defenderBudget { minute { limit } } }');
    const simple = await fetch(`${road.url}?query=${query}`, { headers: { accept: '*/*' } });
    expect(simple.status).toBe(400);
    expect(await simple.text()).toContain('CSRF');
  });
});

describe.each(['id', 'userPrincipalName', 'id-requires-upn'] as const)(
  'The examples for a User keyed by %s',
  (userKey) => {
    test('are in the page, and each is answered without an error', async () => {
      const [, text = ''] =
        /<script id="examples"[^>]*>(.*?)<\/script>/s.exec(graphiqlPage(examplesFor(userKey))) ??
        [];
      expect(JSON.parse(text)).toEqual(examplesFor(userKey));
      const road = await openRoad({ USER_KEY: userKey });
      try {
        for (const query of examplesFor(userKey)) {
          const answer = await road.ask({ query, as: 'carol' });
          expect(answer.errors).toEqual([]);
          expect(JSON.stringify(answer.data)).toMatch(/computerDnsName|remaining/);
        }
      } finally {
        await road.close();
      }
    });
  },
);

function scriptsOf(html: string): string[] {
  return [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text = '']) => text);
}

function outsideScripts(html: string): string {
  return html.replaceAll(/(<script[^>]*>).*?<\/script>/gs, '$1</script>');
}

function policyOf(html: string): Record<string, string[]> {
  const [, policy = ''] = /Content-Security-Policy"\s+content="([^"]*)"/.exec(html) ?? [];
  return Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );
}
