/** A process in which a point lies. */
export type PointApp = 'office' | 'worker' | 'gateway';

/** A place on the way of a message at which a fault may strike. */
export interface Point {
  readonly name: string;
  readonly title: string;
  /** Whose process it lies in, seen from the message. */
  readonly side: 'sender' | 'recipient';
  readonly app: PointApp;
  /** Where it lies: a marker in this source, or a patch of the tests where a marker is not enough (`wire-patches.ts`). */
  readonly file: string;
  readonly by: 'marker' | 'patch';
  /** True where a transaction is open, so that losing its connection loses what was written. */
  readonly inTransaction?: boolean;
}

const marked = (side: Point['side'], app: PointApp, name: string, file: string, title: string) =>
  ({ name, side, app, file, title, by: 'marker' }) as const;
const patched = (side: Point['side'], app: PointApp, name: string, file: string, title: string) =>
  ({ name, side, app, file, title, by: 'patch' }) as const;
const open = { inTransaction: true } as const;

const SENDING = 'libs/storage/sending.ts';
const SEND = 'libs/casework/send.ts';
const RELAY = 'libs/exchange/relay.ts';
const DELIVER = 'libs/exchange/deliver.ts';
const CLIENT = 'libs/transport/partner-client.ts';
const MESSAGES = 'apps/gateway/messages.controller.ts';
const INGEST = 'libs/exchange/ingest.ts';
const ACKNOWLEDGE = 'libs/exchange/acknowledge.ts';
const RECEIPTS = 'apps/gateway/receipts.controller.ts';

/**
 * All points, in the order in which a message passes them. The names are those of the fault programme; K1 and K2 lie on the way back of
 * receipts. There is no witnessed log of audit yet, so there are no points A1 and A2.
 */
export const POINTS: readonly Point[] = [
  { ...marked('sender', 'office', 'S7', SEND, 'sealed, nothing written'), ...open },
  { ...marked('sender', 'office', 'S1', SENDING, 'in the transaction, before the outbox row'), ...open },
  { ...marked('sender', 'office', 'S2', SENDING, 'inserted, not committed'), ...open },
  marked('sender', 'office', 'S3', SEND, 'committed, the officer not answered'),
  marked('sender', 'worker', 'S4', RELAY, 'rows claimed, not enqueued'),
  marked('sender', 'worker', 'S5', RELAY, 'enqueued, not told'),
  marked('sender', 'worker', 'S6', DELIVER, 'job started'),
  patched('sender', 'worker', 'S8', CLIENT, 'in the middle of the body'),
  patched('sender', 'worker', 'S9', CLIENT, 'body sent, no answer yet'),
  marked('recipient', 'gateway', 'R1', MESSAGES, 'body read'),
  { ...marked('recipient', 'gateway', 'R2', 'libs/storage/accepting.ts', 'stored, not committed'), ...open },
  marked('recipient', 'gateway', 'R3', 'libs/exchange/accept.ts', 'committed, not answered'),
  patched('recipient', 'gateway', 'R4', MESSAGES, 'in the middle of the answer'),
  marked('sender', 'worker', 'S10', DELIVER, 'answer got, not committed'),
  marked('sender', 'worker', 'S11', DELIVER, 'committed, job not acknowledged'),
  marked('recipient', 'worker', 'R5', INGEST, 'opened'),
  { ...marked('recipient', 'worker', 'R6', INGEST, 'filed, not committed'), ...open },
  marked('recipient', 'worker', 'R7', INGEST, 'filed, receipt not sent'),
  marked('recipient', 'worker', 'K1', ACKNOWLEDGE, 'job of receipts started'),
  marked('sender', 'gateway', 'P1', RECEIPTS, 'receipts got'),
  marked('sender', 'gateway', 'P2', 'libs/exchange/settle.ts', 'receipts verified, nothing written'),
  marked('sender', 'gateway', 'P3', RECEIPTS, 'committed, not answered'),
  marked('recipient', 'worker', 'K2', ACKNOWLEDGE, 'receipts taken by the partner, not committed'),
];

/** @throws Error for a name that no point has */
export function pointNamed(name: string): Point {
  const point = POINTS.find((one) => one.name === name);
  if (!point) throw new Error(`There is no point ${name}. The points are: ${POINTS.map((one) => one.name).join(', ')}`);
  return point;
}
