/** Prints a heading and rows as they come; the first column is wide, figures stand right. */
export function printTable(title: string, head: readonly string[], rows: readonly Row[]): void {
  const lines = [head, ...rows].map(([name = '', ...cells]) =>
    ['  ', String(name).padEnd(26), ...cells.map((cell) => String(cell).padStart(16))].join(''),
  );
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}

type Row = readonly (string | number)[];

export function milliseconds(value: number): string {
  return value < 1 ? value.toFixed(4) : value.toFixed(2);
}

export function ratio(value: number): string {
  return `x ${value.toFixed(2)}`;
}
