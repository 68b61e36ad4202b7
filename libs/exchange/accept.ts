import { TraoError, asTraoError } from '../errors';
import { digestOf, issueReceipt, readEnvelope, type OuterHeader, type Receipt } from '../envelope';
import type { Clock, Self } from '../casework';
import type { RaiseAlarm, ReceiptKeys, StoredReceipt } from './ports';
import type { MessageAnswer } from './wire';

/** A message as a gateway stores it: sealed bytes and what stands outside. */
export interface IncomingMessage {
  readonly senderNode: string;
  readonly id: string;
  readonly token: string;
  readonly digest: string;
  readonly header: OuterHeader;
  readonly receivedAt: Date;
}

/** The digest and the original receipt of sealed bytes that were stored before. */
export interface KnownMessage {
  readonly id: string;
  readonly digest: string;
  readonly receipt: string;
  /** False when they were refused because their key is retired: the sender may seal the same message anew. */
  readonly counts: boolean;
}

export interface AcceptStore {
  findKnown(senderNode: string, ids: readonly string[]): Promise<KnownMessage[]>;
  /** Stores messages and their receipts in ONE commit and answers the ids that were new; others are left as they are. */
  storeReceived(messages: readonly IncomingMessage[], receipts: readonly StoredReceipt[]): Promise<ReadonlySet<string>>;
  /** Keeps other bytes that came under a known id, as evidence. */
  storeConflict(message: IncomingMessage): Promise<void>;
}

export interface AcceptPorts {
  readonly self: Self;
  readonly store: AcceptStore;
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly raiseAlarm: RaiseAlarm;
}

type Judged = IncomingMessage | { readonly jti?: string; readonly error: TraoError };

/**
 * Takes in a batch from a partner's gateway: dedupe on (sender node, message id), store the sealed bytes and the signed
 * `received` receipt in one commit, then answer. The same bytes again get the same receipt bytes. Content is never read here,
 * and what only the worker can judge is not judged here: an incoming referral is stored first.
 * @param peer the sender node, known from its TLS certificate
 * @returns one answer per line, in order
 */
export async function accept(lines: readonly string[], peer: string, ports: AcceptPorts): Promise<MessageAnswer[]> {
  const { self } = ports;
  const { maxMessageBytes } = self.partners().node(self.node).limits; // a fault here says nothing about a message
  const judged = lines.map((line) => judge(line, peer, maxMessageBytes, ports));
  const messages = judged.filter((item): item is IncomingMessage => 'token' in item);
  const known = await storeNew(messages, peer, ports);
  // fail-point R3: committed, not answered

  const answers: MessageAnswer[] = [];
  for (const item of judged) {
    answers.push('token' in item ? await answerFor(item, known, ports) : problem(item.jti, item.error));
  }
  return answers;
}

function judge(line: string, peer: string, maxMessageBytes: number, { self, clock }: AcceptPorts): Judged {
  let jti: string | undefined;
  try {
    const { outer } = readEnvelope(line, maxMessageBytes);
    assertStorable(outer);
    jti = outer.jti;
    if (outer.iss !== peer) throw new TraoError('identity_mismatch');
    if (outer.aud !== self.node) throw new TraoError('wrong_recipient');
    return { senderNode: peer, id: jti, token: line, digest: digestOf(line), header: outer, receivedAt: clock.now() };
  } catch (error) {
    return { ...(jti && { jti }), error: asTraoError(error) };
  }
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** The end of the year 9999, in seconds. */
const LAST_SECOND = 253_402_300_799;

/** What no receipt can name and no row can hold would fail the whole batch, so it is refused by itself. */
function assertStorable({ jti, exp }: OuterHeader): void {
  if (!UUID_V7.test(jti) || exp > LAST_SECOND) throw new TraoError('bad_header');
}

/** Stores what is new and answers, for every id of the batch, the digest and receipt that now count. */
async function storeNew(messages: readonly IncomingMessage[], peer: string, ports: AcceptPorts) {
  const ids = [...new Set(messages.map((message) => message.id))];
  const known = new Known(await ports.store.findKnown(peer, ids));
  const unknown = messages.filter((message) => known.isNew(message));
  // Of two messages with one id in one batch the first one counts: the last entry of a map wins.
  const fresh = new Map(unknown.toReversed().map((message) => [message.id, message]));
  if (fresh.size === 0) return known;

  const receipts = await Promise.all([...fresh.values()].map((message) => signReceived(message, ports)));
  const stored = await ports.store.storeReceived([...fresh.values()], receipts);
  for (const receipt of receipts) {
    const { messageId: id, digest, token } = receipt;
    if (stored.has(id)) known.add({ id, digest, receipt: token, counts: true });
  }
  // Somebody else stored some of them between our look and our commit: their receipts count, ours are thrown away.
  const lost = [...fresh.keys()].filter((id) => !stored.has(id));
  if (lost.length > 0) for (const entry of await ports.store.findKnown(peer, lost)) known.add(entry);
  return known;
}

/** What is known of the ids of a batch: one id may stand for several sealed bytes, of which at most one counts. */
class Known {
  private readonly byId = new Map<string, readonly KnownMessage[]>();

  constructor(entries: readonly KnownMessage[]) {
    for (const entry of entries) this.add(entry);
  }

  add(entry: KnownMessage): void {
    this.byId.set(entry.id, [...(this.byId.get(entry.id) ?? []), entry]);
  }

  /** The receipt that these bytes got when they were stored. */
  receiptOf({ id, digest }: IncomingMessage): string | undefined {
    return this.byId.get(id)?.find((entry) => entry.digest === digest)?.receipt;
  }

  /** True when nothing that counts has this id, and these bytes were not refused before. */
  isNew(message: IncomingMessage): boolean {
    const taken = this.byId.get(message.id)?.some(({ counts }) => counts);
    return !taken && this.receiptOf(message) === undefined;
  }
}

async function signReceived(message: IncomingMessage, ports: AcceptPorts): Promise<StoredReceipt> {
  const receipt: Receipt = {
    id: ports.newId(),
    issuer: ports.self.node,
    audience: message.senderNode,
    messageId: message.id,
    event: 'received',
    digest: message.digest,
    seq: 1,
    at: message.receivedAt,
  };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode: message.senderNode, token, issuedAt: receipt.at };
}

async function answerFor(message: IncomingMessage, known: Known, ports: AcceptPorts): Promise<MessageAnswer> {
  const receipt = known.receiptOf(message);
  if (receipt) return { jti: message.id, receipt };
  if (known.isNew(message)) return problem(message.id, new TraoError('internal'));
  await ports.store.storeConflict(message);
  // Once for an id: the partner may go on for ever.
  const once = `id_reused ${message.senderNode} ${message.id}`;
  await ports.raiseAlarm('id_reused', message.id, 'id_reused', { once });
  return problem(message.id, new TraoError('id_reused'));
}

function problem(jti: string | undefined, error: TraoError): MessageAnswer {
  return { ...(jti && { jti }), problem: { code: outward(error) } };
}

/** Outside, the reasons why an envelope cannot be read all look the same. */
function outward(error: TraoError) {
  const syntax = ['not_canonical', 'bad_header', 'bad_algorithm'];
  return syntax.includes(error.code) ? 'bad_request' : error.code;
}
