/** A clock that differs by more is alarming: lifetimes, deadlines and evidence are judged by it. */
const SKEW_MS = 60_000;
/** Beyond this, messages of others seem to come from the future and are refused (libs/envelope, open). */
const GRAVE_MS = 300_000;

/** The clock of a partner, held against ours. */
export interface ClockReading {
  readonly partner: string;
  /** Theirs minus ours: positive when the partner's clock is ahead. */
  readonly offsetMs: number;
  /** How far the reading may be wrong: half of the time that the answer took. */
  readonly doubtMs: number;
}

/** Whose clock is wrong. */
export interface ClockVerdict {
  /** Ours, by how much: negative when it is behind. Undefined when it is right, or when nobody could be asked. */
  readonly ours: { readonly offMs: number; readonly grave: boolean } | undefined;
  /** Partners whose clock is wrong, and by how much: theirs minus the right time. */
  readonly theirs: readonly { readonly partner: string; readonly offMs: number }[];
}

/**
 * Judges clocks by the majority. When more than half of those who answered differ from us in the same direction, it is our clock;
 * with a single partner nobody can say whose it is, so we begin with our own.
 */
export function judgeClock(readings: readonly ClockReading[], skewMs = SKEW_MS): ClockVerdict {
  const off = readings.filter(({ offsetMs, doubtMs }) => Math.abs(offsetMs) - doubtMs > skewMs);
  const sides = [off.filter(({ offsetMs }) => offsetMs > 0), off.filter(({ offsetMs }) => offsetMs < 0)];
  const many = sides.find((side) => side.length * 2 > readings.length);
  if (!many) return { ours: undefined, theirs: off.map(({ partner, offsetMs }) => ({ partner, offMs: offsetMs })) };
  const middle = median(many.map(({ offsetMs }) => offsetMs));
  return {
    ours: { offMs: -middle, grave: Math.abs(middle) > GRAVE_MS },
    theirs: readings
      .filter(({ offsetMs, doubtMs }) => Math.abs(offsetMs - middle) - doubtMs > skewMs)
      .map(({ partner, offsetMs }) => ({ partner, offMs: offsetMs - middle })),
  };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
