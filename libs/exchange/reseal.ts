import { TraoError, type Code } from '../errors';
import { readOriginal, reseal, type Priority } from '../envelope';
import { openCase, openKept, originalOf } from '../casework';
import type { Clock, Self, StorageKeys, StoredCase, StoredCaseEvent } from '../casework';
import type { Alarm } from './ports';

/** A message that the partner refused because it has retired the key. */
export interface StaleMessage {
  readonly id: string;
  readonly recipientNode: string;
  readonly priority: Priority;
  /** Ids of the keys that it was sealed to so far. */
  readonly triedKids: readonly string[];
  /** Where the signed original is: in its case, or kept beside the sealed bytes; undefined when its content was erased. */
  readonly source:
    { readonly record: StoredCase; readonly event: StoredCaseEvent } | { readonly kept: Uint8Array } | undefined;
}

/** What becomes of it: sealed anew, looked at again, or given up, which people have to know. */
export type Resealing =
  | { readonly id: string; readonly token: string; readonly digest: string; readonly recipientKid: string }
  | { readonly id: string; readonly lookAt: Date }
  | { readonly id: string; readonly gaveUp: Code };

export interface ResealStore {
  /** Messages refused with `stale_key` that are due, locked until the commit. `units` are those of this node. */
  lockStale(now: Date, units: readonly string[], limit: number): Promise<StaleMessage[]>;
  /** Queues what was sealed anew in the place of the refused bytes, whose digest and key id stay known. */
  save(resealings: readonly Resealing[], alarms: readonly Alarm[]): Promise<void>;
}

export interface ResealPorts {
  readonly self: Self;
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly transaction: <T>(work: (store: ResealStore) => Promise<T>) => Promise<T>;
}

const MESSAGES_AT_ONCE = 100;
/** The partner's new directory reaches us within minutes. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Seals messages anew that a partner refused with `stale_key` (protocol §8). The signed original stays as it is, so neither the
 * signing key nor an officer is needed, and the chain of the referral goes on.
 * @returns how many were settled one way or the other
 */
export async function resealStale(ports: ResealPorts): Promise<number> {
  const { self, clock } = ports;
  const units = self
    .partners()
    .node(self.node)
    .units.map(({ id }) => id);
  return ports.transaction(async (store) => {
    const messages = await store.lockStale(clock.now(), units, MESSAGES_AT_ONCE);
    if (messages.length === 0) return 0;
    const resealings = await Promise.all(messages.map((message) => resealOne(message, units, ports)));
    const alarms = resealings.flatMap((item): Alarm[] =>
      'gaveUp' in item ? [{ kind: 'undeliverable', subject: item.id, code: item.gaveUp }] : [],
    );
    await store.save(resealings, alarms);
    return resealings.filter((item) => !('lookAt' in item)).length;
  });
}

/** What cannot be mended by waiting; everything else of a `TraoError` may be, such as a key that is still to be brought. */
const FINAL: readonly Code[] = ['suite_mismatch', 'case_unreadable'];

/** Seals one message anew. One that cannot be holds up no other. @param units those of this node, one of which wrote it */
export async function resealOne(
  message: StaleMessage,
  units: readonly string[],
  ports: Omit<ResealPorts, 'transaction'>,
): Promise<Resealing> {
  const { id } = message;
  const now = ports.clock.now();
  try {
    const original = await originalTextOf(message, units, ports);
    // Erased, or a precise place in it has expired and taken the signature along.
    if (original === undefined) return { id, gaveUp: 'stale_key' };
    if (readOriginal(original).exp * 1000 <= now.getTime()) return { id, gaveUp: 'expired' };
    return await sealAnew(message, original, now, ports);
  } catch (error) {
    if (!(error instanceof TraoError)) throw error;
    if (FINAL.includes(error.code)) return { id, gaveUp: error.code };
    return { id, lookAt: new Date(now.getTime() + LOOK_AGAIN_MS) };
  }
}

async function sealAnew(
  message: StaleMessage,
  original: string,
  now: Date,
  { self }: Pick<ResealPorts, 'self'>,
): Promise<Resealing> {
  const { id, recipientNode, priority, triedKids } = message;
  const { aud, suite } = readOriginal(original);
  const recipientKey = await self.partners().sealingKey(aud, now, suite);
  // The directory that names the partner's new key is still on its way to us.
  if (triedKids.includes(recipientKey.kid)) throw new TraoError('key_missing', { detail: aud });
  const sealed = await reseal(original, { senderNode: self.node, recipientNode, priority, recipientKey });
  return { id, ...sealed, recipientKid: recipientKey.kid };
}

async function originalTextOf(
  { id, source }: StaleMessage,
  units: readonly string[],
  { keys }: Pick<ResealPorts, 'keys'>,
) {
  if (!source) return undefined;
  if ('event' in source) {
    const { record, event } = source;
    return originalOf(openCase(record, await keys.storageKey(record.unit)), event);
  }
  // Which unit it is stands nowhere in the clear.
  const storageKeys = await Promise.allSettled(units.map((unit) => keys.storageKey(unit)));
  for (const key of storageKeys) {
    const original = key.status === 'fulfilled' ? tryOpen(id, source.kept, key.value) : undefined;
    if (original) return original;
  }
  const complete = storageKeys.every(({ status }) => status === 'fulfilled');
  throw new TraoError(complete ? 'case_unreadable' : 'key_missing', { detail: id });
}

function tryOpen(id: string, kept: Uint8Array, storageKey: Uint8Array): string | undefined {
  try {
    return openKept(id, kept, storageKey);
  } catch {
    return undefined;
  }
}
