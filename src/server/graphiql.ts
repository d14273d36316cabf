import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ApolloServerPlugin } from '@apollo/server';

const PAGE = new URL('../../graphiql/page.html', import.meta.url);

/** GraphiQL with queries to start from, for a browser that opens the address of GraphQL. For development alone. */
export function graphiql(examples: readonly string[]): ApolloServerPlugin {
  return {
    async serverWillStart() {
      return { renderLandingPage: async () => ({ html: async () => graphiqlPage(examples) }) };
    },
  };
}

/**
 * One page that holds all it needs: it loads nothing from anywhere, and asks only where it comes from. Its content
 * security policy allows no script but its own.
 */
export function graphiqlPage(examples: readonly string[]): string {
  const template = readFileSync(PAGE, 'utf8');
  const { style, scripts } = filesOfPackages();
  const filled = filledIn(template, {
    style,
    examples: JSON.stringify(examples).replaceAll('<', '\\u003c'),
    scripts: scripts.map((text) => `<script>${text}</script>`).join('\n'),
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

/** What the packages have for browsers. They are development dependencies: none is looked for before a browser comes. */
function filesOfPackages() {
  const require = createRequire(import.meta.url);
  // Their `exports` leave these files out.
  const fileOf = (manifest: string, file: string) =>
    readFileSync(path.join(path.dirname(manifest), file), 'utf8');
  const ofGraphiql = require.resolve('graphiql/package.json');
  return {
    style: fileOf(ofGraphiql, 'graphiql.min.css'),
    scripts: [
      fileOf(require.resolve('react/package.json'), 'umd/react.production.min.js'),
      fileOf(require.resolve('react-dom/package.json'), 'umd/react-dom.production.min.js'),
      fileOf(ofGraphiql, 'graphiql.min.js'),
    ],
  };
}
