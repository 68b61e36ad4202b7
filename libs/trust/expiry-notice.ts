const DAY_MS = 86_400_000;
/** Days before an end at which operators are told, once each. */
export const EXPIRY_STEPS = [60, 30, 14, 7, 1] as const;

/** How near an end is: of a directory, a key or a certificate. */
export interface ExpiryNotice {
  /** Whole days; negative once it is over. */
  readonly daysLeft: number;
  readonly expired: boolean;
  /** The step that was reached last; undefined while the end is further away than the first. */
  readonly step: (typeof EXPIRY_STEPS)[number] | undefined;
}

/** How near the end of something is. @param until the moment from which on it is not valid any more */
export function expiryNotice(until: string, now: Date): ExpiryNotice {
  const left = Date.parse(until) - now.getTime();
  return {
    daysLeft: Math.floor(left / DAY_MS),
    expired: left <= 0,
    step: EXPIRY_STEPS.findLast((days) => left <= days * DAY_MS),
  };
}
