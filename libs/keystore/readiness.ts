import { asTraoError, TraoError } from '../errors';

/** What a process must be able to load before it may start. */
export interface KeyNeeds {
  readonly receipt?: boolean;
  /** Units whose messages are signed here. */
  readonly signing?: readonly string[];
  /** Units whose cases are kept here. */
  readonly storage?: readonly string[];
  /** Ids of the keys that partners may seal to now. */
  readonly decryption?: readonly string[];
}

/** The keys that may be needed, and why some cannot be read. */
export interface LoadableKeys {
  receiptKey(): Promise<unknown>;
  signingKey(unit: string): Promise<unknown>;
  storageKey(unit: string): Promise<unknown>;
  decryptionKey(kid: string): Promise<unknown>;
  faults(): Promise<readonly TraoError[]>;
}

/**
 * Loads all keys that a process needs. Also a file that is not needed yet and cannot be read is a fault: it will be needed.
 * @throws TraoError `keys_unready` with all faults; their own code where all are of one kind
 */
export async function assertReady(keys: LoadableKeys, needs: KeyNeeds, folder: string): Promise<void> {
  const unreadable = await keys.faults();
  const loads: (() => Promise<unknown>)[] = [
    ...(needs.receipt ? [() => keys.receiptKey()] : []),
    ...(needs.signing ?? []).map((unit) => () => keys.signingKey(unit)),
    ...(needs.storage ?? []).map((unit) => () => keys.storageKey(unit)),
    ...(needs.decryption ?? []).map((kid) => () => heldDecryptionKey(keys, kid)),
  ];
  const results = await Promise.allSettled(loads.map((load) => load()));
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [asTraoError(result.reason)] : []));
  const faults = [...new Set([...unreadable, ...failed])];
  const [first, ...others] = faults;
  if (!first) return;
  const code = others.every((fault) => fault.code === first.code) ? first.code : 'keys_unready';
  const lines = faults.map((fault) => (code === fault.code ? (fault.detail ?? '') : `${fault.code}: ${fault.detail}`));
  const detail = `In ${folder}: ${[...new Set(lines)].join('; ')}. See: trao keys list --keys ${folder}`;
  throw new TraoError(code, { detail, cause: first });
}

async function heldDecryptionKey(keys: LoadableKeys, kid: string): Promise<void> {
  if (!(await keys.decryptionKey(kid))) throw new TraoError('key_missing', { detail: `decryption key ${kid}` });
}
