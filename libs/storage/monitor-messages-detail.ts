import type { Database, Query } from './database';
import { askCarefully } from './monitor-messages';

/** One state and when it was reached. */
export interface ReachedState {
  readonly state: string;
  readonly at: Date;
}

/** One try to hand a message over. */
export interface MessageAttempt {
  readonly at: Date;
  readonly durationMs: number;
  readonly code: string | null;
  /** The partner's host, the version of TLS and the status of HTTP, as far as the try came. */
  readonly host: string | null;
  readonly tls: string | null;
  readonly httpStatus: number | null;
  readonly worker: string | null;
}

/** A receipt as it is stored: a signed text about ids, digests and times, without content. */
export interface MessageReceipt {
  readonly id: string;
  readonly issuer: string;
  readonly event: string;
  readonly code: string | null;
  readonly digest: string;
  readonly issuedAt: Date;
  readonly storedAt: Date;
  /** `obtained` from a partner, `own`, or an own one that is `waiting`, or `given` to the partner. */
  readonly state: string;
  readonly token: string;
}

/** Everything that operators may know of one message. */
export interface MonitoredMessage {
  readonly id: string;
  readonly direction: 'sent' | 'received';
  readonly partner: string;
  readonly lane: string;
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly digest: string;
  readonly at: Date;
  readonly changedAt: Date;
  readonly expiresAt: Date;
  readonly nextAt: Date;
  readonly sizeBytes: number;
  readonly states: readonly ReachedState[];
  readonly tries: readonly MessageAttempt[];
  readonly receipts: readonly MessageReceipt[];
  /** Digests of the same message as it was sealed before, or of other bytes that came under its id. */
  readonly otherDigests: readonly OtherBytes[];
  /** Why it waits besides: the partner or its queue is held. */
  readonly holds: readonly MessageHold[];
}

export interface OtherBytes {
  readonly digest: string;
  readonly at: Date;
}

export interface MessageHold {
  readonly what: 'partner' | 'queue';
  readonly name: string;
  readonly reason: string;
  readonly heldBy: string;
  readonly since: Date;
}

type Base = Omit<MonitoredMessage, 'states' | 'tries' | 'receipts' | 'otherDigests' | 'holds'>;

const SENT = `SELECT id, 'sent' AS direction, recipient_node AS partner, lane, state, code, attempts, digest, created_at AS at,
  changed_at AS "changedAt", expires_at AS "expiresAt", next_attempt_at AS "nextAt", size_bytes AS "sizeBytes" FROM outbox WHERE id = $1`;
const RECEIVED = `SELECT id, 'received' AS direction, sender_node AS partner, lane, state, NULL AS code, attempts, digest, received_at AS at,
  changed_at AS "changedAt", expires_at AS "expiresAt", next_attempt_at AS "nextAt", size_bytes AS "sizeBytes"
  FROM inbox WHERE id = $1 ORDER BY sender_node`;
const STATES = 'SELECT state, at FROM delivery_event WHERE message_id = $1 ORDER BY at';
/** The newest ones: a partner that is down for weeks leaves thousands. */
const TRIES = `SELECT at, duration_ms AS "durationMs", code, host, tls, http_status AS "httpStatus", worker FROM attempt
  WHERE message_id = $1 ORDER BY at DESC LIMIT $2`;
const RECEIPTS = `SELECT id, issuer, event, code, digest, issued_at AS "issuedAt", stored_at AS "storedAt", state, token FROM receipt
  WHERE message_id = $1 AND sender_node = $2 ORDER BY issued_at, id`;
const FORMER = 'SELECT digest, at FROM superseded WHERE message_id = $1 ORDER BY at';
const OTHERS =
  'SELECT digest, received_at AS at FROM inbox_conflict WHERE id = $1 AND sender_node = $2 ORDER BY received_at';
const HOLDS = `SELECT 'partner' AS what, partner AS name, reason, held_by AS "heldBy", since FROM partner_hold WHERE partner = $1
  UNION ALL SELECT 'queue', queue, reason, held_by, since FROM queue_hold WHERE queue = $2 ORDER BY 1`;

/** Attempts of one page. */
export const MOST_TRIES = 200;

/**
 * What is known under an id: the message that was sent, and those that came. They are one at most, unless a partner has used an id of ours.
 * @param node our own, whose messages the receipts of partners are about
 */
export function messagesWithId(database: Database, node: string, id: string): Promise<MonitoredMessage[]> {
  return askCarefully(database, async (query) => {
    const [sent] = await query<Base>(SENT, [id]);
    const received = await query<Base>(RECEIVED, [id]);
    const found: MonitoredMessage[] = [];
    for (const base of sent ? [sent, ...received] : received) found.push(await detailed(query, node, base));
    return found;
  });
}

async function detailed(query: Query, node: string, base: Base): Promise<MonitoredMessage> {
  const { id, partner, lane, direction, digest } = base;
  const sent = direction === 'sent';
  const receipts = await query<MessageReceipt>(RECEIPTS, [id, sent ? node : partner]);
  const refusal = receipts.findLast(({ event, digest: about }) => event === 'refused' && about === digest);
  return {
    ...base,
    code: base.code ?? refusal?.code ?? null,
    states: sent ? await query<ReachedState>(STATES, [id]) : statesOfReceived(base),
    tries: sent ? await query<MessageAttempt>(TRIES, [id, MOST_TRIES]) : [],
    receipts,
    otherDigests: await (sent ? query<OtherBytes>(FORMER, [id]) : query<OtherBytes>(OTHERS, [id, partner])),
    holds: await query<MessageHold>(HOLDS, sent ? [partner, queueOf(lane)] : ['', 'ingest']),
  };
}

/** Of what came, only its beginning and where it stands now are written down. */
function statesOfReceived({ at, state, changedAt }: Base): ReachedState[] {
  const stored = { state: 'stored', at };
  return state === 'stored' ? [stored] : [stored, { state, at: changedAt }];
}

const queueOf = (lane: string) => (lane === 'emergency' ? 'emergency' : 'partner');
