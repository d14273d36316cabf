/** Readable on a light and on a dark page. */
export const STYLE = `<style>
text{font-family:system-ui,sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}.strong{font-size:13px;font-weight:600}
.label{font-size:12px;fill:#59636e}.value{font-size:12px}
.grid{stroke:#d1d9e0;stroke-width:1}.one{stroke:#818b98;stroke-width:1}
.own{fill:#0969da}.other{fill:#afb8c1}.spread{stroke:#1f2328;stroke-width:2}
.line0{stroke:#0969da;fill:#0969da}.line1{stroke:#bc4c00;fill:#bc4c00}.line2{stroke:#1a7f37;fill:#1a7f37}
polyline{fill:none!important;stroke-width:2}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.label{fill:#9198a1}.grid{stroke:#3d444d}.one{stroke:#9198a1}
.own{fill:#4493f8}.other{fill:#656c76}.spread{stroke:#f0f6fc}
.line0{stroke:#4493f8;fill:#4493f8}.line1{stroke:#f0883e;fill:#f0883e}.line2{stroke:#3fb950;fill:#3fb950}
}
</style>`;

export function svg(width: number, height: number, parts: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">\n${parts.join('\n')}\n</svg>\n`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** 1, 2 and 5 times the powers of ten around both; powers alone where that would be too many. */
export function ticksOf(least: number, most: number): number[] {
  const decades = Math.log10(most / least);
  const steps = decades > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (
    let power = Math.floor(Math.log10(least));
    power <= Math.ceil(Math.log10(most));
    power += 1
  ) {
    for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(1)));
  }
  const below = ticks.findLastIndex((tick) => tick <= least);
  const above = ticks.findIndex((tick) => tick >= most);
  return ticks.slice(Math.max(0, below), above + 1);
}

/** From the first tick at `from` to the last one at `to`, to a tenth of a pixel. */
export function logScale(
  ticks: readonly number[],
  from: number,
  to: number,
): (value: number) => number {
  const first = Math.log(ticks[0] ?? 1);
  const last = Math.log(ticks.at(-1) ?? 10);
  return (value) =>
    Math.round((from + ((Math.log(value) - first) / (last - first)) * (to - from)) * 10) / 10;
}
