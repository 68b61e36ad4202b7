import type { OutgoingMessage, SendPorts } from '../casework';
import type { Attempt, AttemptStore, DeliverPorts, ExpirePorts, RelayPorts, SettleStore } from '../exchange';
import { inLogContext, type Logger } from '../platform';
import type { Metrics } from './metrics';
import { inSpan } from './tracing';

/** Where what is seen of messages goes. */
export interface Watch {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/*
 * The core moves messages and says nothing. These stand between it and its ports, and write down what has become of each message: with
 * its id, so that one search follows it through office, worker and gateway. Nothing is written before its commit.
 */

/** Does a batch: all its lines carry its id. */
export async function inBatch(
  batchId: string,
  work: string,
  { logger }: Watch,
  run: () => Promise<void>,
): Promise<void> {
  await inSpan(`batch ${work}`, () =>
    inLogContext({ batchId }, async () => {
      try {
        await run();
      } catch (error) {
        logger.log('batch_failed', { err: error, work });
        throw error;
      }
    }),
  );
}

/** When a message was composed: its id says so (RFC 9562, version 7). */
const createdAt = (messageId: string) => Number.parseInt(messageId.replace('-', '').slice(0, 12), 16);

/** Messages that the office has sealed and queued. */
export function watchSending(ports: SendPorts, { logger }: Watch): SendPorts {
  return {
    ...ports,
    async transaction(unit, work) {
      const saved: OutgoingMessage[] = [];
      const result = await ports.transaction(unit, (store) =>
        work({
          ...store,
          async save(sent) {
            await store.save(sent);
            saved.push(sent.message);
          },
        }),
      );
      for (const { id: messageId, recipientNode: partner, priority: lane } of saved)
        logger.log('message_sent', { messageId, partner, lane });
      return result;
    },
  };
}

/** Batches that the relay hands to the queue. */
export function watchRelay<P extends RelayPorts>(ports: P, { logger }: Watch): P {
  return {
    ...ports,
    async enqueue(batches) {
      await ports.enqueue(batches);
      for (const { id: batchId, kind: work, lane } of batches) logger.log('batch_queued', { batchId, work, lane });
    },
  };
}

/** The attempts of one batch. */
export function watchDelivery<P extends DeliverPorts>(ports: P, watch: Watch): P {
  const settling = watchSettling(ports, watch);
  let partner = '';
  return {
    ...ports,
    store: {
      ...ports.store,
      async begin(batchId) {
        const messages = await ports.store.begin(batchId);
        partner = messages[0]?.recipientNode ?? '';
        return messages;
      },
    },
    async transaction<T>(work: (store: AttemptStore) => Promise<T>): Promise<T> {
      const attempts: Attempt[] = [];
      const gaveUp = new Set<string>();
      const result = await settling.transaction((store) =>
        work({
          ...store,
          async finish(batchId, made, releases) {
            await store.finish(batchId, made, releases);
            attempts.push(...made);
            for (const release of releases) if ('gaveUp' in release) gaveUp.add(release.messageId);
          },
        }),
      );
      for (const attempt of attempts) tellAttempt(attempt, partner, gaveUp.has(attempt.messageId), watch);
      return result;
    },
  };
}

function tellAttempt(
  { messageId, durationMs: ms, code }: Attempt,
  partner: string,
  gaveUp: boolean,
  { logger, metrics }: Watch,
): void {
  metrics.count('trao_attempts_total', { partner, outcome: code ?? 'received' });
  metrics.observe('trao_attempt_seconds', { partner }, ms / 1000);
  if (code === undefined) logger.log('message_delivered', { messageId, partner, ms });
  else if (!gaveUp) logger.log('message_not_delivered', { messageId, partner, ms, code });
  else {
    metrics.count('trao_failures_total', { partner, code });
    logger.log('message_given_up', { messageId, partner, code });
  }
}

/** Work that settles receipts, among other things perhaps. */
interface Settling<S extends SettleStore> {
  readonly transaction: <T>(work: (store: S) => Promise<T>) => Promise<T>;
}

/** Receipts of partners about our messages. */
export function watchSettling<S extends SettleStore, P extends Settling<S>>(ports: P, { logger, metrics }: Watch): P {
  return {
    ...ports,
    async transaction<T>(work: (store: S) => Promise<T>): Promise<T> {
      const stored: Parameters<SettleStore['settle']>[0][number]['receipt'][] = [];
      const result = await ports.transaction((store) =>
        work({
          ...store,
          async settle(settlements) {
            const fresh = await store.settle(settlements);
            stored.push(...settlements.map(({ receipt }) => receipt).filter(({ id }) => fresh.has(id)));
            return fresh;
          },
        }),
      );
      for (const { id: receiptId, messageId, issuer: partner, event, code } of stored) {
        logger.log('receipt_stored', { messageId, receiptId, partner, kind: event, code });
        const seconds = Math.max(0, Date.now() - createdAt(messageId)) / 1000;
        if (event === 'received' || event === 'delivered')
          metrics.observe('trao_delivery_seconds', { partner, event }, seconds);
        if (event === 'refused') metrics.count('trao_failures_total', { partner, code: code ?? 'refused' });
      }
      return result;
    },
  };
}

/** Messages whose time has run out. */
export function watchExpiry<P extends ExpirePorts>(ports: P, { logger, metrics }: Watch): P {
  return {
    ...ports,
    async transaction(work) {
      const ended: { readonly id: string; readonly recipientNode: string }[] = [];
      const result = await ports.transaction((store) =>
        work({
          ...store,
          async expire(messages, evidence) {
            await store.expire(messages, evidence);
            ended.push(...messages);
          },
        }),
      );
      for (const { id: messageId, recipientNode: partner } of ended) {
        metrics.count('trao_failures_total', { partner, code: 'expired' });
        logger.log('message_expired', { messageId, partner });
      }
      return result;
    },
  };
}
