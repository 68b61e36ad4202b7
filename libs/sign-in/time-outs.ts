/** How long somebody stays signed in. */
export interface TimeOuts {
  /** Without doing anything. */
  readonly idleMs: number;
  /** Whatever they do. */
  readonly absoluteMs: number;
  /** How long an authentication counts as fresh, for acts that ask for one. */
  readonly freshMs: number;
}

/** Half an hour idle, one long shift at most; approving a referral needs an authentication of the last five minutes. */
export const TIME_OUTS: TimeOuts = { idleMs: 30 * 60_000, absoluteMs: 10 * 3_600_000, freshMs: 5 * 60_000 };

export interface SignedInTimes {
  /** When the person signed in here (ms since the epoch). */
  readonly since: number;
  /** When they last did something. */
  readonly active: number;
  /** When the provider last checked that it is them. */
  readonly authenticated: number;
}

/** Milliseconds until the session ends; zero or less when it has. */
export function timeLeft({ since, active }: SignedInTimes, now: number, { idleMs, absoluteMs }: TimeOuts): number {
  return Math.min(active + idleMs, since + absoluteMs) - now;
}

/** True when the person was authenticated a moment ago. A provider's clock may be a little ahead of ours. */
export function isFresh({ authenticated }: SignedInTimes, now: number, { freshMs }: TimeOuts): boolean {
  return now - authenticated <= freshMs;
}
