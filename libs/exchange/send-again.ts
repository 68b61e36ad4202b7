import type { Clock, Self, StorageKeys } from '../casework';
import type { Code } from '../errors';
import { nextDelivery, type DeliveryState } from '../lifecycle';
import { resealOne, type Resealing, type StaleMessage } from './reseal';

/** A message that the partner has lost, as it waits here. */
export interface LostMessage extends StaleMessage {
  readonly state: DeliveryState;
  readonly expiresAt: Date;
  /** False when its sealed bytes were removed: both sides had filed them long enough ago. */
  readonly hasBytes: boolean;
}

/** Runs inside one transaction. */
export interface LostStore {
  /** Messages of ours, locked until the commit. `units` are those of this node. */
  lockLost(ids: readonly string[], units: readonly string[]): Promise<LostMessage[]>;
  /** Queues their sealed bytes as they are. */
  queueAgain(ids: readonly string[]): Promise<void>;
  /** Queues what was sealed anew. */
  queueSealed(sealed: readonly Extract<Resealing, { token: string }>[]): Promise<void>;
}

export interface SendAgainPorts {
  readonly self: Self;
  readonly keys: StorageKeys;
  readonly clock: Clock;
}

/**
 * Has messages travel again that the partner has lost: the same bytes where they are still here, else the signed original sealed anew, for
 * which neither the signing key nor an officer is needed.
 * @returns for each what became of it: queued, or why it cannot be; none for a message that has moved on meanwhile
 */
export async function sendAgain(
  ids: readonly string[],
  store: LostStore,
  ports: SendAgainPorts,
): Promise<ReadonlyMap<string, 'queued' | Code>> {
  if (ids.length === 0) return new Map();
  const { self, clock } = ports;
  const units = self
    .partners()
    .node(self.node)
    .units.map(({ id }) => id);
  const lost = (await store.lockLost(ids, units)).filter(({ state }) => nextDelivery(state, 'lost_there') === 'queued');
  const outcomes = new Map<string, 'queued' | Code>();
  // The partner would refuse it, and people have to know sooner.
  for (const { id } of lost.filter(({ expiresAt }) => expiresAt <= clock.now())) outcomes.set(id, 'expired');
  const alive = lost.filter(({ id }) => !outcomes.has(id));
  const whole = alive.filter(({ hasBytes }) => hasBytes).map(({ id }) => id);
  const resealings = await Promise.all(
    alive.filter(({ hasBytes }) => !hasBytes).map((message) => resealOne(message, units, ports)),
  );
  await store.queueAgain(whole);
  await store.queueSealed(resealings.flatMap((item) => ('token' in item ? [item] : [])));
  for (const id of whole) outcomes.set(id, 'queued');
  for (const item of resealings) outcomes.set(item.id, outcomeOf(item));
  return outcomes;
}

/** What may be mended by waiting is tried again by the next comparison. */
function outcomeOf(item: Resealing): 'queued' | Code {
  if ('token' in item) return 'queued';
  return 'gaveUp' in item ? item.gaveUp : 'key_missing';
}
