/** What a process held during a drain, in MiB. */
export interface Memory {
  /** In the middle of the second third of the samples, and of the last. */
  readonly middleMb: number;
  readonly lastMb: number;
  readonly peakMb: number;
  /** Whether it did not grow with what went through it. */
  readonly flat: boolean;
}

/** What a heap that has come to where its collector works goes up and down by. */
const NOISE_MB = 32;
/** Fewer samples are all of a heap that fills: they show no growth. */
const ENOUGH = 9;

/** Judges samples that were taken at equal distances. In the first third a process that has just started fills its heap: that says nothing. */
export function judgeMemory(samples: readonly number[]): Memory {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const middleMb = median(samples.slice(-2 * third, -third));
  const lastMb = median(samples.slice(-third));
  return {
    middleMb,
    lastMb,
    peakMb: Math.max(0, ...samples),
    flat: samples.length < ENOUGH || lastMb <= middleMb + NOISE_MB,
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
