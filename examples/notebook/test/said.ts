import type { Notebook, Output } from './notebook.ts';

/** All that the cells say in words, by the id of the cell. */
export function said({ cells }: Notebook): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cells.map(({ id, outputs = [] }) => [id, outputs.map(inWords).join('')]),
  );
}

/** How many cells drew a picture. */
export function pictures({ cells }: Notebook): number {
  return cells.filter(({ outputs = [] }) => outputs.some(({ data }) => data?.['image/png'])).length;
}

function inWords({ text, data }: Output): string {
  const parts = [text, data?.['text/plain'], data?.['text/html']];
  return parts.map((part) => (Array.isArray(part) ? part.join('') : (part ?? ''))).join('');
}
