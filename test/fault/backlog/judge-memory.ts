/** What a process held during a drain, in MiB. */
export interface Memory {
  /** In the middle of the first third of the samples, and of the last. */
  readonly firstMb: number;
  readonly lastMb: number;
  readonly peakMb: number;
  /** Whether it did not grow with what went through it. */
  readonly flat: boolean;
}

/** A process that has just started fills its heap to where its collector begins to work: so much growth says nothing. */
const SETTLING_MB = 64;

/** Judges samples that were taken at equal distances. */
export function judgeMemory(samples: readonly number[]): Memory {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const firstMb = median(samples.slice(0, third));
  const lastMb = median(samples.slice(-third));
  return { firstMb, lastMb, peakMb: Math.max(0, ...samples), flat: lastMb <= firstMb + SETTLING_MB };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
