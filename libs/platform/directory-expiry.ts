import { TraoError } from '../errors';
import type { RaiseAlarm } from '../exchange';
import type { Directory } from '../schema';
import { expiryNotice } from '../trust';

/** Why a process must not start with a directory that is no longer in time, with what to do; undefined while it is. */
export function expiredAtStart({ version, expiresAt }: Directory, file: string, now: Date): TraoError | undefined {
  if (!expiryNotice(expiresAt, now).expired) return undefined;
  return new TraoError('directory_expired', {
    detail:
      `Version ${version} was valid until ${expiresAt}. Put a newer one in ${file}, as partners serve it (GET /v1/directory), ` +
      `or make one: trao directory propose --base ${file}`,
  });
}

/**
 * Tells people that the directory in force expires, once for each step, and once that it has. The node works on either way.
 * @param told what this function answered last time
 */
export async function tellExpiry(
  { version, expiresAt }: Directory,
  now: Date,
  told: string,
  raiseAlarm: RaiseAlarm,
): Promise<string> {
  const { daysLeft, expired, step } = expiryNotice(expiresAt, now);
  if (step === undefined) return told;
  const kind = expired ? 'directory_expired' : 'directory_expiring';
  const once = `${kind} ${version}${expired ? '' : ` ${step}`}`;
  if (once === told) return told;
  const detail = expired
    ? `Version ${version} expired at ${expiresAt}.`
    : `Version ${version} ends in ${daysLeft} days.`;
  await raiseAlarm(kind, 'directory', expired ? 'directory_expired' : undefined, { detail, once });
  return once;
}
