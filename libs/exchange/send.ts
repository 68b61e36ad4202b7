import { TraoError } from '../errors';
import { digestOf, seal } from '../envelope';
import { expiryOf, nextReferral } from '../lifecycle';
import type { DirectoryNode, Message } from '../schema';
import {
  closeCase,
  EMPTY_CHAIN,
  newCase,
  openCase,
  toEvent,
  type CaseSummary,
  type OpenCase,
  type StoredCase,
  type StoredCaseEvent,
} from './case-record';
import { compose, draftHeader } from './compose';
import type { Clock, OutgoingMessage, Self, SigningKeys, StorageKeys } from './ports';

export interface SendRequest {
  /** A document as `parseStrictJson` gave it. */
  readonly document: unknown;
  readonly senderUnit: string;
  /** Chosen by the caller: the same key and document again gives the same message, not another one. */
  readonly idempotencyKey: string;
  readonly clientId: string;
}

/** The answer to a request that was made before with the same idempotency key. */
export interface EarlierSend {
  readonly requestDigest: string;
  readonly messageId: string;
}

export interface SendStore {
  earlier(clientId: string, idempotencyKey: string): Promise<EarlierSend | undefined>;
  /** The case, locked until the commit, or undefined. */
  lockCase(unit: string, referralId: string): Promise<StoredCase | undefined>;
  /** The referral that a message of the unit's cases belongs to. */
  referralOf(unit: string, messageId: string): Promise<string | undefined>;
  /** Writes case, event, outbox row and idempotency record together. */
  save(sent: {
    readonly message: OutgoingMessage & { readonly recipientKid: string };
    readonly record: StoredCase | undefined;
    readonly event: StoredCaseEvent | undefined;
    readonly request: EarlierSend & { readonly clientId: string; readonly idempotencyKey: string };
  }): Promise<void>;
}

export interface SendPorts {
  readonly self: Self;
  readonly keys: SigningKeys & StorageKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Runs work for one unit in one transaction, seeing that unit's cases only. */
  readonly transaction: <T>(unit: string, work: (store: SendStore) => Promise<T>) => Promise<T>;
}

/** Composes, seals and queues a message: once this returns, the message is durable and will be delivered or accounted for. */
export async function send(
  request: SendRequest,
  ports: SendPorts,
): Promise<{ readonly messageId: string; readonly replayed: boolean }> {
  const requestDigest = digestOf(JSON.stringify([request.senderUnit, request.document]));
  return ports.transaction(request.senderUnit, async (store) => {
    const earlier = await store.earlier(request.clientId, request.idempotencyKey);
    if (earlier && earlier.requestDigest !== requestDigest) throw new TraoError('idempotency_conflict');
    if (earlier) return { messageId: earlier.messageId, replayed: true };

    const draft = await prepare(request, store, ports);
    const { message, record } = draft;
    const { sealed, outgoing } = await sealFor(message, ports);
    const { messageId } = message.header;
    await store.save({
      message: outgoing,
      record: record && closeCase(advance(record, message, digestOf(sealed.original))),
      event: record && toEvent(record, messageId, 'sent', sealed.original, outgoing.createdAt),
      request: { requestDigest, messageId, clientId: request.clientId, idempotencyKey: request.idempotencyKey },
    });
    return { messageId, replayed: false };
  });
}

interface Prepared {
  readonly message: Message;
  /** Absent for a ping, which belongs to no referral. */
  readonly record: OpenCase | undefined;
}

async function prepare(request: SendRequest, store: SendStore, ports: SendPorts): Promise<Prepared> {
  const { document, senderUnit } = request;
  const base = { messageId: ports.newId(), senderUnit, createdAt: ports.clock.now() };
  ports.self.partners().activeUnit(senderUnit, base.createdAt);
  if (ANSWERS.includes(draftHeader(document)['messageType'])) return prepareAnswer(request, base, store, ports);

  const referralId = ports.newId();
  const message = compose(document, { ...base, seq: 1, prevDigest: undefined, inReplyTo: undefined, referralId });
  if (message.header.messageType === 'ping') return { message, record: undefined };
  const summary: CaseSummary = {
    state: nextReferral(undefined, message.header.messageType, 'sender'),
    side: 'sender',
    partnerUnit: message.header.recipientUnit,
    sent: EMPTY_CHAIN,
    filed: EMPTY_CHAIN,
    openedBy: base.messageId,
  };
  return { message, record: newCase(senderUnit, referralId, summary, await ports.keys.storageKey(senderUnit)) };
}

/** Message types that continue a referral. */
const ANSWERS: readonly unknown[] = ['ack', 'accept', 'decline'];

async function prepareAnswer(
  { document, senderUnit }: SendRequest,
  base: { messageId: string; senderUnit: string; createdAt: Date },
  store: SendStore,
  ports: SendPorts,
): Promise<Prepared> {
  const { inReplyTo: answered, recipientUnit } = draftHeader(document);
  const referralId = isMessageId(answered) ? await store.referralOf(senderUnit, answered) : undefined;
  const stored = referralId && (await store.lockCase(senderUnit, referralId));
  if (!isMessageId(answered) || !stored) {
    const rule = 'must name a message of a referral of this unit';
    throw new TraoError('unknown_referral', { faults: [{ pointer: '/header/inReplyTo', rule }] });
  }
  const record = openCase(stored, await ports.keys.storageKey(senderUnit));
  const { summary } = record;
  if (recipientUnit !== summary.partnerUnit) throw new TraoError('foreign_thread');
  const message = compose(document, {
    ...base,
    referralId: record.referralId,
    seq: summary.sent.seq + 1,
    prevDigest: summary.sent.digest,
    inReplyTo: answered,
  });
  const state = nextReferral(summary.state, message.header.messageType, summary.side);
  return { message, record: { ...record, summary: { ...summary, state } } };
}

const isMessageId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

async function sealFor(message: Message, { self, keys, clock }: SendPorts) {
  const partners = self.partners();
  const issuedAt = clock.now();
  const { messageId: id, senderUnit, recipientUnit, priority } = message.header;
  const { node } = partners.activeUnit(recipientUnit, issuedAt);
  assertDeliverable(message, node, self);
  const recipientKey = await partners.sealingKey(recipientUnit, issuedAt);
  const expiresAt = expiryOf(priority, issuedAt);
  const sealed = await seal({
    message,
    senderNode: self.node,
    recipientNode: node.id,
    trustDomain: partners.directory.trustDomain,
    issuedAt,
    expiresAt,
    priority,
    signingKey: await keys.signingKey(senderUnit),
    recipientKey,
  });
  const { token, digest } = sealed;
  const outgoing = {
    id,
    recipientNode: node.id,
    priority,
    token,
    digest,
    createdAt: issuedAt,
    expiresAt,
    attempts: 0,
    recipientKid: recipientKey.kid,
  };
  return { sealed, outgoing };
}

/** What no relay carries or the partner would refuse for ever is refused here, while an officer can still change it. */
function assertDeliverable(message: Message, recipient: DirectoryNode, self: Self): void {
  if (recipient.id === self.node) {
    const rule = 'must be a unit of a partner, not of this node';
    throw new TraoError('wrong_recipient', { faults: [{ pointer: '/header/recipientUnit', rule }] });
  }
  const { maxMessageBytes } = recipient.limits;
  if (Buffer.byteLength(JSON.stringify(message)) > maxMessageBytes) {
    throw new TraoError('too_large', { detail: `${recipient.id} takes ${maxMessageBytes} bytes.` });
  }
}

/** The chain names the signed original, not the sealed bytes: sealing the same original to a new key does not break it. */
function advance(record: OpenCase, message: Message, digest: string): OpenCase {
  return { ...record, summary: { ...record.summary, sent: { seq: message.header.seq, digest } } };
}
