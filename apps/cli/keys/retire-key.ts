import { TraoError } from '../../../libs/errors';
import type { KeyMetadata } from '../../../libs/keystore';
import { entryOf, nodeOfKeys, type PublicKeys } from './export-public';
import { stateOf } from './list-keys';
import { openKeys, wholeNumber, type KeyOptions } from './options';

export interface RetireOptions extends KeyOptions {
  readonly graceDays: string;
  readonly node?: string;
}

export type Retired =
  | { readonly key: KeyMetadata; readonly change: PublicKeys | undefined; readonly destroyed: false }
  | { readonly key: KeyMetadata; readonly destroyed: true };

const DAY_MS = 86_400_000;
const MAX_GRACE_DAYS = 366;

/**
 * Ends the use of a key: it makes nothing new from now on, the directory gets a change, and after a grace its private part is destroyed.
 * A key that was retired before, and whose grace is over, is destroyed now.
 * @throws TraoError `key_last` when nothing could take its place, `key_missing`, `bad_request`
 */
export async function retireKey(kid: string, options: RetireOptions, now: Date): Promise<Retired> {
  const { admin } = await openKeys(options);
  const held = await admin.list();
  const key = held.find((each) => each.kid === kid);
  if (!key) throw new TraoError('key_missing', { detail: kid });
  if (key.use === 'storage')
    throw new TraoError('bad_request', { detail: 'A storage key cannot be retired: what is stored needs it.' });
  if (key.destroyAfter !== undefined && new Date(key.destroyAfter) <= now) {
    await admin.destroy(kid, now, options.pinFile);
    return { key, destroyed: true };
  }
  if (!held.some((other) => other.kid !== kid && standsIn(other, key) && stateOf(other, now) === 'active'))
    throw new TraoError('key_last', {
      detail: `${kid}, ${key.use}${key.unit ? ` of ${key.unit}` : ''}. Run: trao keys rotate`,
    });
  const grace = wholeNumber(options.graceDays, '--grace-days', MAX_GRACE_DAYS) * DAY_MS;
  const retired = await admin.retire(kid, now, new Date(now.getTime() + grace));
  const entry = entryOf(retired);
  const node = options.node ?? nodeOfKeys(held);
  return { key: retired, change: entry && node !== undefined ? { node, keys: [entry] } : undefined, destroyed: false };
}

/** Suites cannot stand in for each other; kinds of signatures can. */
const standsIn = (other: KeyMetadata, key: KeyMetadata) =>
  other.use === key.use && other.unit === key.unit && (key.use !== 'encryption' || other.kind === key.kind);
