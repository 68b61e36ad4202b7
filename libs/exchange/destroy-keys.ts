import { asTraoError } from '../errors';
import type { DirectoryEncryptionKey } from '../schema';
import type { Clock, Self } from '../casework';

/** A private key that this process holds, without its secret. */
export interface HeldKey {
  readonly kid: string;
  readonly use: string;
  /** RFC 3339: when the private part of a retired key is to be destroyed. */
  readonly destroyAfter?: string;
}

export interface DestroyPorts {
  readonly self: Self;
  readonly clock: Clock;
  readonly keys: {
    list(): Promise<readonly HeldKey[]>;
    /** @throws TraoError `key_missing` when another process was faster */
    destroy(kid: string): Promise<void>;
  };
  /** Ids of the keys that messages are sealed to which wait here to be opened. */
  readonly inHand: () => Promise<ReadonlySet<string>>;
}

/** How long after its end a decryption key still opens what was on its way. */
export const GRACE_MS = 14 * 86_400_000;

/**
 * Destroys decryption keys whose time and grace are over: from then on nobody can read what was sealed to them, whatever else of
 * this node falls into other hands (forward secrecy). What still comes is refused with `stale_key`, and its sender seals it anew.
 * A key that no directory lists stays: it may be about to be published. One that a waiting message needs stays too.
 * @returns the ids of those that were destroyed
 */
export async function destroyEndedKeys({ self, clock, keys, inHand }: DestroyPorts): Promise<string[]> {
  const { directory } = self.partners();
  const own = self
    .partners()
    .node(self.node)
    .units.flatMap((unit) => unit.encryptionKeys);
  const now = clock.now().getTime();
  const held = (await keys.list()).filter(({ use }) => use === 'encryption');
  const ended = held.filter(({ kid, destroyAfter }) => {
    if (destroyAfter !== undefined) return Date.parse(destroyAfter) <= now;
    const entry = own.find((key) => key.kid === kid);
    return entry !== undefined && endOf(entry, directory.issuedAt) + GRACE_MS <= now;
  });
  if (ended.length === 0) return [];
  const waiting = await inHand();
  const destroyed: string[] = [];
  for (const { kid } of ended) if (!waiting.has(kid) && (await destroy(kid, keys))) destroyed.push(kid);
  return destroyed;
}

/** When partners stop sealing to a key, in milliseconds: at its end, or with the directory that no longer calls it active. */
function endOf({ notAfter, status }: DirectoryEncryptionKey, directoryIssuedAt: string): number {
  const last = Date.parse(notAfter);
  return status === 'active' ? last : Math.min(last, Date.parse(directoryIssuedAt));
}

async function destroy(kid: string, keys: DestroyPorts['keys']): Promise<boolean> {
  try {
    await keys.destroy(kid);
    return true;
  } catch (error) {
    if (asTraoError(error).code === 'key_missing') return false;
    throw error;
  }
}
