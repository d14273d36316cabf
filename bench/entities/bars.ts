import { BASE } from './report.ts';
import { ratios } from './ratios.ts';
import type { Results } from './results.ts';
import { spreadOf } from './statistics.ts';
import { escaped, logScale, STYLE, svg, ticksOf } from './svg.ts';

const SCENARIOS = ['1', '10', '100', '100of20'];
const LABELS = 250;
const BAR = 18;
const GROUP_GAP = 34;
const WIDTH = 860;

/** The main table as a chart: for each scenario a bar for each contestant, on a logarithmic scale. */
export function bars({ entrants, warm, machine }: Results): string {
  const groups = warm
    .filter(({ scenario, showings }) => SCENARIOS.includes(scenario.id) && showings.has(BASE))
    .map(({ scenario, showings }) => ({
      title: scenario.title,
      bars: entrants.flatMap(({ id, label }) => {
        const [own, base] = [showings.get(id), showings.get(BASE)];
        return own && base ? [{ id, label, ...spreadOf(ratios(own.rates, base.rates)) }] : [];
      }),
    }));
  const all = groups.flatMap((group) => group.bars.map(({ median }) => median));
  const ticks = ticksOf(Math.min(...all), Math.max(...all));
  const x = logScale(ticks, LABELS, WIDTH - 70);
  const parts: string[] = [];
  let y = 64;
  for (const group of groups) {
    parts.push(`<text class="strong" x="8" y="${y + 4}">${escaped(group.title)}</text>`);
    y += 14;
    for (const { id, label, median, lowerQuartile, upperQuartile } of group.bars) {
      const middle = y + BAR / 2;
      const kind = id.startsWith('ours') ? 'own' : 'other';
      parts.push(
        `<text class="label" x="${LABELS - 8}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`,
        `<rect class="${kind}" x="${LABELS}" y="${y + 2}" width="${Math.max(1, x(median) - LABELS)}" height="${BAR - 4}"/>`,
        `<line class="spread" x1="${x(lowerQuartile)}" x2="${x(upperQuartile)}" y1="${middle}" y2="${middle}"/>`,
        `<text class="value" x="${x(Math.max(median, upperQuartile)) + 6}" y="${middle + 4}">${Number(median.toPrecision(2))}</text>`,
      );
      y += BAR;
    }
    y += GROUP_GAP;
  }
  const bottom = y - GROUP_GAP + 8;
  const grid = ticks.flatMap((tick) => [
    `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="48" y2="${bottom}"/>`,
    `<text class="label" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
  ]);
  return svg(WIDTH, bottom + 58, [
    STYLE,
    `<text class="title" x="8" y="20">Cached _entities: requests a second relative to plain Apollo</text>`,
    `<text class="label" x="8" y="38">${escaped(machine)}</text>`,
    ...grid,
    ...parts,
    `<text class="label" x="${(LABELS + WIDTH - 70) / 2}" y="${bottom + 36}" text-anchor="middle">times plain Apollo’s rate, logarithmic: median of the rounds, with quartiles</text>`,
  ]);
}
