import { TraoError } from '../errors';
import type { KeyRecord, SealedRecord } from './key-record';

/**
 * Of the keys of one use the newest that is in its time and that partners know.
 * @param what for people: the use, and the unit
 * @throws TraoError `key_unusable` with the reason of each
 */
export function chooseKey(
  keys: readonly SealedRecord[],
  now: Date,
  isKnown: (record: KeyRecord) => boolean,
  what: string,
): SealedRecord {
  const fit = keys.filter(({ record }) => isInUse(record, now) && isKnown(record));
  const newest = fit.sort((a, b) => Date.parse(a.record.notBefore) - Date.parse(b.record.notBefore)).at(-1);
  if (newest) return newest;
  const why = keys.map(
    ({ record }) => `${record.kid} ${isInUse(record, now) ? 'is not in the directory' : spanOf(record)}`,
  );
  throw new TraoError('key_unusable', { detail: `${what}: ${why.join(', ')}. See: trao keys list` });
}

export const isInUse = ({ notBefore, notAfter, retiredAt }: KeyRecord, now: Date) =>
  new Date(notBefore) <= now && now < new Date(notAfter) && retiredAt === undefined;

const spanOf = ({ notBefore, notAfter, retiredAt }: KeyRecord) =>
  retiredAt ? `was retired ${retiredAt}` : `is for ${notBefore} to ${notAfter}`;
