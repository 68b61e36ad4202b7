/** From where on something is alarming. */
export interface Thresholds {
  /** Age of the oldest message that a partner has not received, in milliseconds. */
  readonly unsentWarnMs: number;
  readonly unsentHighMs: number;
  /** The same for emergencies. */
  readonly emergencyMs: number;
  readonly clockSkewMs: number;
  /** Free part of a disk, 0 to 1. */
  readonly diskFree: number;
  /** Refused sign-ins of a process within 15 minutes. */
  readonly signInFailures: number;
  /** Age of the newest backup, in milliseconds. */
  readonly backupMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What holds unless a setting says otherwise. */
export const THRESHOLDS: Thresholds = {
  unsentWarnMs: 15 * MINUTE_MS,
  unsentHighMs: 2 * HOUR_MS,
  emergencyMs: 10 * MINUTE_MS,
  clockSkewMs: 30_000,
  diskFree: 0.2,
  signInFailures: 10,
  backupMs: 26 * HOUR_MS,
};
