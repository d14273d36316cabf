import { escaped, logScale, STYLE, svg, ticksOf } from '../svg.ts';
import type { Curve } from './curve.ts';

const WIDTH = 760;
const LEFT = 70;
const RIGHT = 740;
const TOP = 80;
const BOTTOM = 380;

/** A curve on logarithmic axes, `note` below its title. */
export function lines({ title, xLabel, yLabel, series }: Curve, note: string): string {
  const points = series.flatMap((one) => [...one.points]);
  const xs = [...new Set(points.map(([place]) => place))].toSorted((a, b) => a - b);
  const ys = points.map(([, cost]) => cost);
  const yTicks = ticksOf(Math.min(...ys), Math.max(...ys));
  const x = logScale(xs, LEFT, RIGHT - 20);
  const y = logScale(yTicks, BOTTOM, TOP);
  return svg(WIDTH, BOTTOM + 60, [
    STYLE,
    `<text class="title" x="8" y="20">${escaped(title)}</text>`,
    `<text class="label" x="8" y="38">${escaped(note)}</text>`,
    ...series.map(({ name }, index) => {
      const at = LEFT + index * 230;
      return `<rect class="line${index}" x="${at}" y="52" width="12" height="4"/><text class="label" x="${at + 18}" y="58">${escaped(name)}</text>`;
    }),
    ...yTicks.map(
      (tick) =>
        `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/><text class="label" x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
    ...xs.map(
      (place) =>
        `<line class="grid" x1="${x(place)}" x2="${x(place)}" y1="${TOP}" y2="${BOTTOM}"/><text class="label" x="${x(place)}" y="${BOTTOM + 18}" text-anchor="middle">${place.toLocaleString('en')}</text>`,
    ),
    ...series.map(({ points: own }, index) => {
      const drawn = [...own].map(([place, cost]) => `${x(place)},${y(cost)}`);
      const dots = [...own].map(
        ([place, cost]) =>
          `<circle class="line${index}" cx="${x(place)}" cy="${y(cost)}" r="3.5"/>`,
      );
      return `<polyline class="line${index}" points="${drawn.join(' ')}"/>${dots.join('')}`;
    }),
    `<text class="label" x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 42}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text class="label" transform="translate(14 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
  ]);
}
