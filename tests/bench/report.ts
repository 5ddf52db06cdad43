// What a measurement hands over: rows for the terminal, bars with their figures, and everything for the JSON file. A
// missed bar is shown like a held one; nothing is left out.

export type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to believe the rows. */
  readonly notes: readonly string[];
};
export type Bar = { readonly what: string; readonly bar: string; readonly figure: string; readonly held: boolean };
export type Measured = { readonly tables: readonly Table[]; readonly bars: readonly Bar[]; readonly results: unknown };

export function atMost(what: string, figure: number, limit: number, unit: string, digits = 2): Bar {
  return {
    what,
    bar: `≤ ${limit} ${unit}`.trim(),
    figure: `${figure.toFixed(digits)} ${unit}`.trim(),
    held: figure <= limit,
  };
}

export function ms(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}

export function printTable({ title, head, rows, notes }: Table): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  print('', title, line(head), rule, ...rows.map(line), ...notes.map((note) => `  ${note}`));
}

export function printBars(bars: readonly Bar[]): void {
  printTable({
    title: 'Bars',
    head: ['', 'bar', 'measured', ''],
    rows: bars.map(({ what, bar, figure, held }) => [what, bar, figure, held ? 'ok' : 'MISSED']),
    notes: [],
  });
}

export function progress(text: string): void {
  process.stderr.write(`  … ${text}\n`);
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
