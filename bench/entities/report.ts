import { UPSTREAM_MILLISECONDS } from './cold.ts';
import { coldPart, judged, MOST_ADDED } from './goals.ts';
import { markdownTable, significant } from './markdown.ts';
import { ratios } from './ratios.ts';
import type { Results, WarmResult } from './results.ts';
import { spreadOf } from './statistics.ts';

export const BASE = 'apollo';

/** The tables of a run, in Markdown. */
export function report(results: Results): string {
  return [
    `<!-- Written by \`npm run bench\`. -->`,
    results.machine,
    ...relative(results),
    ...goals(results),
    ...coldTable(results),
    ...results.warm.flatMap((result) => details(results, result)),
    '',
  ].join('\n\n');
}

function relative({ entrants, warm }: Results): string[] {
  const scenarios = warm.filter(({ showings }) => showings.has(BASE));
  if (scenarios.length === 0) return [];
  const rows = entrants
    .filter(({ id }) => scenarios.some(({ showings }) => showings.has(id)))
    .map(({ id, label }) => [
      label,
      ...scenarios.map(({ showings }) => {
        const own = showings.get(id);
        const base = showings.get(BASE);
        if (!own || !base) return '';
        const { median, lowerQuartile, upperQuartile } = spreadOf(ratios(own.rates, base.rates));
        if (id === BASE) return '1';
        return `**${significant(median)}** (${significant(lowerQuartile)}–${significant(upperQuartile)})`;
      }),
    ]);
  return [
    '### Cached: requests a second, relative to plain Apollo',
    'Median of the rounds’ ratios, and their quartiles.',
    markdownTable(['', ...scenarios.map(({ scenario }) => scenario.title)], rows),
  ];
}

function goals(results: Results): string[] {
  const { entrants, warm } = results;
  const rows = judged(results).map(({ scenario, against, least, is, isMet }) => [
    `cached, ${warm.find((result) => result.scenario.id === scenario)?.scenario.title ?? ''}`,
    entrants.find(({ id }) => id === against)?.label ?? '',
    `≥ ${least}`,
    significant(is),
    isMet ? 'met' : '**not met**',
  ]);
  const part = coldPart(results);
  if (part !== undefined) {
    const isMet = part <= MOST_ADDED;
    rows.push([
      'cold, 100 users: added over one round trip',
      'plain Apollo, standalone',
      `≤ ${MOST_ADDED}`,
      significant(part),
      isMet ? 'met' : '**not met**',
    ]);
  }
  return rows.length === 0
    ? []
    : ['### Goals', markdownTable(['this service', 'against', 'goal', 'is', ''], rows)];
}

function coldTable(results: Results): string[] {
  const { entrants, cold } = results;
  if (!cold) return [];
  const rows = entrants.flatMap(({ id, label }) => {
    const showing = cold.get(id);
    if (!showing) return [];
    const { median, lowerQuartile, upperQuartile } = spreadOf(showing.added);
    const spread = `${lowerQuartile.toFixed(1)}–${upperQuartile.toFixed(1)}`;
    const { p50, p99 } = showing.latency;
    return [
      [
        label,
        `**${median.toFixed(1)}** (${spread})`,
        p50.toFixed(1),
        p99.toFixed(1),
        significant(showing.calls),
      ],
    ];
  });
  return [
    `### Cold: 100 users never asked for before, ${UPSTREAM_MILLISECONDS} ms upstream`,
    'Milliseconds that a request takes over one REST round trip, its p50 and p99 as a whole, and REST calls for a request.',
    markdownTable(['', 'added', 'p50', 'p99', 'calls'], rows),
  ];
}

function details({ entrants }: Results, { scenario, showings, calls }: WarmResult): string[] {
  const rows = entrants.flatMap(({ id, label }) => {
    const showing = showings.get(id);
    if (!showing) return [];
    const { median, lowerQuartile, upperQuartile } = spreadOf(showing.rates);
    return [
      [
        label,
        `${significant(median)} (${significant(lowerQuartile)}–${significant(upperQuartile)})`,
        showing.latency.p50.toFixed(2),
        showing.latency.p99.toFixed(2),
        significant(showing.cpuPerRequest.median),
        (showing.residentBytes / 1_048_576).toFixed(0),
        calls.get(id) ?? '',
      ],
    ];
  });
  const head = [
    '',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU ms/request',
    'resident MB',
    'REST calls',
  ];
  return [`### Cached, ${scenario.title}`, markdownTable(head, rows)];
}
