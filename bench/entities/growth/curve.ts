import { markdownTable, significant } from '../markdown.ts';

/** How a cost grows with something. */
export interface Curve {
  /** Names the file. */
  readonly id: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Three at most. */
  readonly series: readonly Series[];
  /** Shown beside the plot, in the table alone. */
  readonly beside?: readonly Series[];
}

export interface Series {
  readonly name: string;
  readonly points: ReadonlyMap<number, number>;
}

export function curveTable({ title, xLabel, yLabel, series, beside = [] }: Curve): string {
  const all = [...series, ...beside];
  const places = [...new Set(all.flatMap(({ points }) => [...points.keys()]))];
  const rows = places.map((place) => [
    place.toLocaleString('en'),
    ...all.map(({ points }) => significant(points.get(place) ?? NaN)),
  ]);
  const head = [xLabel, ...all.map(({ name }) => name)];
  return `### ${title}\n\n${yLabel}.\n\n${markdownTable(head, rows)}`;
}
