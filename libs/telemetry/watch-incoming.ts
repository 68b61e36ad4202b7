import type { AcceptPorts, AcknowledgePorts, IngestPorts } from '../exchange';
import type { Watch } from './watch-outgoing';

/** Messages of partners that a gateway has stored. */
export function watchAccepting(ports: AcceptPorts, { logger, metrics }: Watch): AcceptPorts {
  return {
    ...ports,
    store: {
      ...ports.store,
      async storeReceived(messages, receipts) {
        const stored = await ports.store.storeReceived(messages, receipts);
        for (const { id: messageId, senderNode: partner, header } of messages) {
          if (!stored.has(messageId)) continue;
          metrics.count('trao_accepted_total', { partner, lane: header.pri });
          logger.log('message_accepted', { messageId, partner, lane: header.pri });
        }
        return stored;
      },
      async storeConflict(message) {
        await ports.store.storeConflict(message);
        logger.log('message_conflicts', { messageId: message.id, partner: message.senderNode });
      },
    },
  };
}

/** What becomes of the messages of partners. */
export function watchFiling<P extends IngestPorts>(ports: P, { logger, metrics }: Watch): P {
  return {
    ...ports,
    async transaction(work) {
      let written: Parameters<Parameters<Parameters<P['transaction']>[0]>[0]['file']>[1] | undefined;
      const result = await ports.transaction((store) =>
        work({
          ...store,
          async file(batchId, filing) {
            await store.file(batchId, filing);
            written = filing;
          },
        }),
      );
      const { filed = [], refused = [], held = [], receipts = [] } = written ?? {};
      for (const { id: messageId, senderNode: partner } of filed) {
        metrics.count('trao_filed_total', { partner, outcome: 'delivered' });
        logger.log('message_filed', { messageId, partner });
      }
      for (const { message } of refused) {
        const { id: messageId, senderNode: partner } = message;
        // What the partner is told: why exactly is in the alarm.
        const code = receipts.find((receipt) => receipt.messageId === messageId)?.code ?? 'refused';
        metrics.count('trao_filed_total', { partner, outcome: code });
        logger.log('message_refused', { messageId, partner, code });
      }
      for (const { message } of held)
        logger.log('message_held', { messageId: message.id, partner: message.senderNode });
      return result;
    },
  };
}

/** Our receipts on their way back. */
export function watchReturning<P extends AcknowledgePorts>(ports: P, { logger }: Watch): P {
  let receipts = new Map<string, { readonly messageId: string; readonly partner: string }>();
  return {
    ...ports,
    store: {
      ...ports.store,
      async begin(batchId) {
        const returning = await ports.store.begin(batchId);
        receipts = new Map(returning.map((receipt) => [receipt.id, receipt]));
        return returning;
      },
      async finish(batchId, handings) {
        await ports.store.finish(batchId, handings);
        for (const handing of handings) {
          const { messageId, partner } = receipts.get(handing.id) ?? {};
          const event = 'done' in handing && handing.done === 'handed' ? 'receipt_handed' : 'receipt_not_handed';
          logger.log(event, { messageId, partner, receiptId: handing.id });
        }
      },
    },
  };
}
