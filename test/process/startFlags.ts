import { readFileSync } from 'node:fs';

/** What `npm start` tells Node, for whoever runs the built server by another way than that. Read in the project's folder. */
export function startFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: { readonly start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
