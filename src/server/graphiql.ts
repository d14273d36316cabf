import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ApolloServerPlugin } from '@apollo/server';
import type { UserKey } from '../config.ts';
import { examplesFor } from './graphiql/examples.ts';

const PAGE = new URL('../../graphiql/page.html', import.meta.url);
/** What the page loads, as files of their packages: all of them are development dependencies. */
const STYLE = ['graphiql', 'graphiql.min.css'] as const;
const SCRIPTS = [
  ['react', 'umd/react.production.min.js'],
  ['react-dom', 'umd/react-dom.production.min.js'],
  ['graphiql', 'graphiql.min.js'],
] as const;

/** GraphiQL for a browser that opens /graphql. For development: production has no landing page. */
export function graphiql(userKey: UserKey): ApolloServerPlugin {
  return {
    async serverWillStart() {
      return { renderLandingPage: async () => ({ html: async () => graphiqlPage(userKey) }) };
    },
  };
}

/**
 * One page that holds all it needs: it loads nothing from anywhere, and asks only where it comes from. Its content
 * security policy allows no script but its own.
 */
export function graphiqlPage(userKey: UserKey): string {
  const template = readFileSync(PAGE, 'utf8');
  const scripts = SCRIPTS.map(([name, file]) => `<script>${textOf(name, file)}</script>`);
  const filled = filledIn(template, {
    style: textOf(...STYLE),
    examples: JSON.stringify(examplesFor(userKey)).replaceAll('<', '\\u003c'),
    scripts: scripts.join('\n'),
  });
  return filledIn(filled, { policy: policyOf(filled) });
}

/** In one pass, so that nothing in what is filled in is taken for a place to fill. */
function filledIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (place, name: string) => values[name] ?? place);
}

function policyOf(html: string): string {
  const hashes = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    // CodeMirror and React set styles as they go.
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** By the folder of the package, because `exports` leaves out the files for browsers. */
function textOf(name: string, file: string): string {
  const { resolve } = createRequire(import.meta.url);
  return readFileSync(path.join(path.dirname(resolve(`${name}/package.json`)), file), 'utf8');
}
