import { asTraoError, entryOf, TraoError, type Code } from '../errors';
import { closeCircuit, isPartnerFault, openCircuit, RetryAfterError, type CircuitStore } from './circuit';
import type { Clock, OutgoingMessage, Self } from '../casework';
import { backoffMs, boundedRetryAfterMs, MAX_PAUSE_MS, MAX_PROBE_PAUSE_MS } from './retry';
import { settleVerified, verifyReceipts, type SettleResult, type SettleStore, type Verified } from './settle';
import type { MessageAnswer } from './wire';

/** What a transport tells of a request while it is made, as far as it got. */
export interface RequestFacts {
  /** Host and port that were called. */
  readonly host?: string | undefined;
  /** The version of TLS that was agreed on; undefined where no answer came over it. */
  readonly tls?: string | undefined;
  readonly httpStatus?: number | undefined;
}

/** One attempt to hand a message over, as operators see it. */
export interface Attempt extends RequestFacts {
  readonly messageId: string;
  readonly at: Date;
  readonly durationMs: number;
  /** Absent when the message was received. */
  readonly code?: Code | undefined;
}

/**
 * What becomes of a message that was not received: tried again at a time, or given up. A strike says that the message itself may
 * be the cause; after some of them it travels alone, so that one message cannot hold up a lane.
 */
export type Release =
  | { readonly messageId: string; readonly retryAt: Date; readonly strike: boolean }
  | { readonly messageId: string; readonly gaveUp: Code };

export interface DeliverStore extends CircuitStore {
  /** The messages of a batch that still wait, marked as attempted. Empty when another worker has taken the batch over. */
  begin(batchId: string): Promise<OutgoingMessage[]>;
}

/** What an attempt leaves behind, in one commit. */
export interface AttemptStore extends SettleStore {
  /** Records attempts and frees the messages that were not received. */
  finish(batchId: string, attempts: readonly Attempt[], releases: readonly Release[]): Promise<void>;
}

/**
 * Sends a batch to a partner's gateway.
 * @param note hears, also when it fails, how far the request got
 * @throws TraoError of the transport when the request as a whole failed
 */
export type PostMessages = (
  partner: string,
  tokens: readonly string[],
  note?: (facts: RequestFacts) => void,
) => Promise<MessageAnswer[]>;

export interface DeliverPorts {
  readonly self: Self;
  readonly store: DeliverStore;
  /** Runs work in one transaction. */
  readonly transaction: <T>(work: (store: AttemptStore) => Promise<T>) => Promise<T>;
  readonly post: PostMessages;
  readonly clock: Clock;
  readonly random: () => number;
  /** Waits, in milliseconds. Without it nothing waits: a simulated clock does not stand still for anybody. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** The messages of one request and when it began. */
interface Request {
  readonly batchId: string;
  readonly partner: string;
  readonly messages: readonly OutgoingMessage[];
  readonly startedAt: Date;
  /** Filled in by the transport while the request is made. */
  readonly facts: RequestFacts;
}

/** Hands the messages of one batch to their partner in one request and settles each by the answer it got. */
export async function deliver(batchId: string, ports: DeliverPorts): Promise<void> {
  // fail-point S6: job started
  const messages = await ports.store.begin(batchId);
  const partner = messages[0]?.recipientNode;
  if (partner === undefined) return;
  const facts: RequestFacts = {};
  const request = { batchId, partner, messages, startedAt: ports.clock.now(), facts };
  const tokens = messages.map((message) => message.token);
  const note = (more: RequestFacts) => void Object.assign(facts, more);
  const answers = await ports.post(partner, tokens, note).catch((error: unknown) => asTraoError(error));
  if (answers instanceof TraoError) return partnerFailed(request, answers, ports);
  // fail-point S10: answer got, not committed
  await closeCircuit(partner, ports);
  const { proofs, codesAfter } = await judge(request, answers, ports);
  await ports.transaction(async (store) => {
    const settled = await settleVerified(proofs, store);
    await finish(request, codesAfter(settled), store, ports);
  });
  // fail-point S11: committed, job not acknowledged
}

/** The receipts in the answers of the partner and, once those are settled, why each message was not received: undefined for those that were. */
async function judge({ messages, partner }: Request, answers: readonly MessageAnswer[], ports: DeliverPorts) {
  const outcomes = messages.map((message, index) => outcomeOf(message, answers[index]));
  const given = outcomes.filter((outcome) => typeof outcome !== 'string');
  const ids = given.map(({ jti }) => jti);
  const tokens = given.map(({ receipt }) => receipt);
  const proofs: readonly Verified[] = await verifyReceipts(tokens, partner, ports, ids);
  const codesAfter = (settled: readonly SettleResult[]) => {
    // A receipt that does not verify is no delivery: the message stays with us and is tried again.
    const unproven = new Set(ids.filter((_, index) => settled[index]!.status === 'refused'));
    return outcomes.map((outcome): Code | undefined => {
      if (typeof outcome === 'string') return outcome;
      return unproven.has(outcome.jti) ? 'bad_answer' : undefined;
    });
  };
  return { proofs, codesAfter };
}

/** The receipt that the partner gave for a message, or why there is none. */
function outcomeOf({ id }: OutgoingMessage, answer: MessageAnswer | undefined) {
  if (answer && 'problem' in answer) return answer.problem.code;
  return answer?.jti === id ? answer : 'bad_answer';
}

/** Failures that say nothing about the messages of the request. */
const PARTNER_WIDE: readonly Code[] = ['partner_unreachable', 'partner_tls', 'partner_busy'];

const TOO_MANY_REQUESTS = 429;
/** A worker that ends waits for its jobs, so a job waits only so long; then the batch asks again. */
const LONGEST_IN_LANE_MS = 5_000;

/** The partner as a whole failed: its circuit waits, and nothing of the request counts as received. */
async function partnerFailed(request: Request, error: TraoError, ports: DeliverPorts): Promise<void> {
  if (!isPartnerFault(error)) throw error;
  if (request.facts.httpStatus === TOO_MANY_REQUESTS) await waitInLane(request.partner, error, ports);
  else await openCircuit(request.partner, error, ports);
  const codes = request.messages.map(() => error.code);
  const partnerWide = PARTNER_WIDE.includes(error.code);
  await ports.transaction((store) => finish(request, codes, store, ports, partnerWide, MAX_PROBE_PAUSE_MS));
}

/**
 * The partner is there and has too much of this lane for now. The batch keeps its place among those that are under way, so that its lane
 * slows down to what the partner takes, and no other lane does: an emergency goes on.
 */
async function waitInLane(partner: string, error: TraoError, ports: DeliverPorts): Promise<void> {
  await closeCircuit(partner, ports);
  const wish = error instanceof RetryAfterError ? error.retryAfterMs : undefined;
  await ports.pause?.(Math.min(boundedRetryAfterMs(wish ?? 0), LONGEST_IN_LANE_MS));
}

async function finish(
  request: Request,
  codes: readonly (Code | undefined)[],
  store: AttemptStore,
  ports: Pick<DeliverPorts, 'clock' | 'random'>,
  partnerWide = false,
  ceilingMs = MAX_PAUSE_MS,
): Promise<void> {
  const { batchId, messages, startedAt, facts } = request;
  const now = ports.clock.now();
  const durationMs = now.getTime() - startedAt.getTime();
  const attempts = messages.map(({ id }, index) => ({
    messageId: id,
    at: startedAt,
    durationMs,
    code: codes[index],
    ...facts,
  }));
  const releases = messages.flatMap((message, index): Release[] => {
    const code = codes[index];
    if (code === undefined) return [];
    // It stays due behind the circuit, so that the first answer lets all of them go.
    if (partnerWide) return [{ messageId: message.id, retryAt: now, strike: false }];
    return [releaseOf(message, code, now, ports.random(), ceilingMs)];
  });
  await store.finish(batchId, attempts, releases);
  await store.raise(
    releases.flatMap((release) =>
      'gaveUp' in release ? [{ kind: 'undeliverable' as const, subject: release.messageId, code: release.gaveUp }] : [],
    ),
  );
}

/** What becomes of a message that may itself be the cause: it waits by itself, or it is given up. */
function releaseOf(message: OutgoingMessage, code: Code, now: Date, random: number, ceilingMs: number): Release {
  if (entryOf(code).retry !== 'later') return { messageId: message.id, gaveUp: code };
  return {
    messageId: message.id,
    retryAt: new Date(now.getTime() + backoffMs(message.attempts, random, ceilingMs)),
    strike: true,
  };
}
