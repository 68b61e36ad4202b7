import { faultAt, TraoError, type Fault } from '../errors';
import { keyThumbprint } from '../envelope';
import { MAX_FAULTS, type Directory } from '../schema';
import { listedKeys, nameOf } from './listed-keys';

/** What the versions so far have said of keys. A newer version may add to it and take nothing back. */
export interface KeyMemory {
  /** Thumbprint (RFC 7638) of the key that an id has named, by owner and id. */
  readonly named: ReadonlyMap<string, string>;
  /** Thumbprints of keys that were revoked. */
  readonly revoked: ReadonlySet<string>;
}

/** The memory after a version, with that of the versions before it. */
export async function rememberKeys(directory: Directory, before?: KeyMemory): Promise<KeyMemory> {
  const named = new Map(before?.named);
  const revoked = new Set(before?.revoked);
  for (const listed of listedKeys(directory)) {
    const thumbprint = await keyThumbprint(listed.key.jwk);
    named.set(nameOf(listed), thumbprint);
    if (listed.key.status === 'revoked') revoked.add(thumbprint);
  }
  return { named, revoked };
}

/**
 * What not even a quorum may do, because it can only be a mistake or an attack: give an id to another key, under which evidence of
 * before would be judged, or bring back a key that was revoked, under whatever id.
 * @throws TraoError `directory_key_changed`, `directory_key_unrevoked` with all faults found; the code is that of the first
 */
export async function assertContinues(directory: Directory, { named, revoked }: KeyMemory): Promise<void> {
  const faults: Fault[] = [];
  for (const listed of listedKeys(directory)) {
    const { key, pointer } = listed;
    const thumbprint = await keyThumbprint(key.jwk);
    const known = named.get(nameOf(listed)) ?? thumbprint;
    if (known !== thumbprint) faults.push(faultAt(`${pointer}/jwk`, 'key_id_of_another_key'));
    if (key.status !== 'revoked' && revoked.has(thumbprint))
      faults.push(faultAt(`${pointer}/status`, 'key_was_revoked'));
  }
  if (faults.length === 0) return;
  const changed = faults[0]!.code === 'key_id_of_another_key';
  throw new TraoError(changed ? 'directory_key_changed' : 'directory_key_unrevoked', {
    faults: faults.slice(0, MAX_FAULTS),
    detail: `The first fault is at ${faults[0]!.pointer}.`,
  });
}
