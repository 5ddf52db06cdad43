// A row of the tables that scripts/matrix.ts makes: what a test has shown. A test that fails leaves no row, so the
// tables differ and say so.

import { test } from '@playwright/test';

export type Row = {
  /** A sentence: what was tried. */
  readonly item: string;
  readonly topology: string;
  /** What the app got. Never a figure that changes from run to run. */
  readonly result: string;
};
export type Figures = {
  readonly name: string;
  readonly rounds: number;
  readonly p50: number;
  readonly p99: number;
  /** Of a round before those, in which the pages did it for the first time. */
  readonly first?: number;
};

export function note(item: string, topology: string, result: string): void {
  const row: Row = { item, topology, result };
  test.info().annotations.push({ type: 'row', description: JSON.stringify(row) });
}

/** Measured, in ms; written into the results, and asserted nowhere. */
export function noteFigures(figures: Figures): void {
  test.info().annotations.push({ type: 'figures', description: JSON.stringify(figures) });
}

/** Of these milliseconds, to a tenth: the least that so large a share of them does not exceed. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN) * 10) / 10;
}
