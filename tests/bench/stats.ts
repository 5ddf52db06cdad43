// The few figures that describe a sample. Percentiles are by nearest rank: every figure was measured once.

export type Summary = {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
};

export function percentile(sample: readonly number[], part: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new Error('An empty sample has no percentiles.');
  return value;
}

export function summary(sample: readonly number[]): Summary {
  return {
    count: sample.length,
    min: percentile(sample, 0),
    p50: percentile(sample, 0.5),
    p90: percentile(sample, 0.9),
    p99: percentile(sample, 0.99),
    max: percentile(sample, 1),
  };
}
