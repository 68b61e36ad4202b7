import type { MemoryNode } from '../../fakes/memory-node';
import { moveMessage, update } from '../../fakes/memory-tables';

/**
 * Has a message tried again, as `resend_messages` in the database does: one that was given up begins anew, one that waits is due at once.
 * @returns false for one that arrived, was refused, has expired or was erased
 */
export function resend({ tables, clock }: MemoryNode, id: string): boolean {
  const row = tables.outbox.get(id)!;
  const { state, message, batch } = row;
  const resendable = state === 'undeliverable' || state === 'queued' || state === 'sending';
  if (!resendable || message.expiresAt <= clock.now() || message.token === '') return false;
  const again = { strikes: 0, dueAt: clock.now() };
  if (state === 'undeliverable') {
    moveMessage(tables, id, 'queued');
    update(tables.outbox, id, { ...again, batch: undefined });
  } else update(tables.outbox, id, { ...again, batch });
  return true;
}
