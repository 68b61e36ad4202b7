/** The middle and the slow end of a set of durations, in milliseconds. Null where there is none. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed. It is always a value
 * that was measured.
 * @param sorted ascending
 */
export function percentile(sorted: readonly number[], percent: number): number | null {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? null;
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: percentile(sorted, 50), p95: percentile(sorted, 95), p99: percentile(sorted, 99) };
}

/** Rounds for the report: more digits than this are noise. */
export function rounded(value: number, digits?: number): number;
export function rounded(value: number | null, digits?: number): number | null;
export function rounded(value: number | null, digits = 3): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
