import { asTraoError, entryOf, TraoError, type Code } from '../errors';
import { afterFailure, CLOSED, type Circuit } from './circuit';
import type { Clock, OutgoingMessage, RaiseAlarm, Self } from './ports';
import { backoffMs } from './retry';
import { settle, type SettlePorts } from './settle';
import type { MessageAnswer } from './wire';

/** One attempt to hand a message over, as operators see it. */
export interface Attempt {
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

export interface DeliverStore {
  /** The messages of a batch that still wait, marked as attempted. Empty when another worker has taken the batch over. */
  begin(batchId: string): Promise<OutgoingMessage[]>;
  /** Records attempts and frees the messages that were not received. */
  finish(batchId: string, attempts: readonly Attempt[], releases: readonly Release[]): Promise<void>;
  circuit(partner: string): Promise<Circuit>;
  /** Stores a circuit for all workers. */
  saveCircuit(partner: string, circuit: Circuit): Promise<void>;
}

/** Sends a batch to a partner's gateway. @throws TraoError of the transport when the request as a whole failed */
export type PostMessages = (partner: string, tokens: readonly string[]) => Promise<MessageAnswer[]>;

/** A transport failure may carry the partner's wish. */
export class RetryAfterError extends TraoError {
  constructor(
    code: Code,
    readonly retryAfterMs: number | undefined,
    detail?: string,
  ) {
    super(code, detail === undefined ? {} : { detail });
  }
}

export interface DeliverPorts extends SettlePorts {
  readonly self: Self;
  readonly store: DeliverStore;
  readonly post: PostMessages;
  readonly clock: Clock;
  readonly random: () => number;
  readonly raiseAlarm: RaiseAlarm;
}

/** The messages of one request and when it began. */
interface Request {
  readonly batchId: string;
  readonly partner: string;
  readonly messages: readonly OutgoingMessage[];
  readonly startedAt: Date;
}

/** Hands the messages of one batch to their partner in one request and settles each by the answer it got. */
export async function deliver(batchId: string, ports: DeliverPorts): Promise<void> {
  const messages = await ports.store.begin(batchId);
  const partner = messages[0]?.recipientNode;
  if (partner === undefined) return;
  const request = { batchId, partner, messages, startedAt: ports.clock.now() };
  const tokens = messages.map((message) => message.token);
  const answers = await ports.post(partner, tokens).catch((error: unknown) => asTraoError(error));
  if (answers instanceof TraoError) return partnerFailed(request, answers, ports);
  await closeCircuit(partner, ports);
  await finish(request, await settleAnswers(request, answers, ports), ports);
}

/** Why each message was not received; undefined for those that were. */
async function settleAnswers({ messages, partner }: Request, answers: readonly MessageAnswer[], ports: DeliverPorts) {
  const receipts = messages.map((message, index) => {
    const answer = answers[index];
    return answer && 'receipt' in answer && answer.jti === message.id ? answer.receipt : undefined;
  });
  const tokens = receipts.filter((receipt) => receipt !== undefined);
  const settled = tokens.length > 0 ? await settle(tokens, partner, ports) : [];
  return messages.map((_, index): Code | undefined => {
    const receipt = receipts[index];
    if (receipt === undefined) return problemOf(answers[index]);
    // A receipt that does not verify is no delivery: the message stays with us and is tried again.
    return settled[tokens.indexOf(receipt)]?.status === 'refused' ? 'bad_answer' : undefined;
  });
}

const problemOf = (answer: MessageAnswer | undefined): Code =>
  answer && 'problem' in answer ? answer.problem.code : 'bad_answer';

/** Failures that say nothing about the messages of the request. */
const PARTNER_WIDE: readonly Code[] = ['partner_unreachable', 'partner_tls', 'partner_busy'];

/** The partner as a whole failed: its circuit waits, and nothing of the request counts as received. */
async function partnerFailed(request: Request, error: TraoError, ports: DeliverPorts): Promise<void> {
  if (!error.retryable || error.code === 'internal') throw error;
  const { partner, messages } = request;
  const wish = error instanceof RetryAfterError ? error.retryAfterMs : undefined;
  const circuit = await ports.store.circuit(partner);
  await ports.store.saveCircuit(partner, afterFailure(circuit, ports.clock.now(), ports.random(), wish));
  const codes = messages.map(() => error.code);
  await finish(request, codes, ports);
}

async function closeCircuit(partner: string, { store }: DeliverPorts): Promise<void> {
  const circuit = await store.circuit(partner);
  if (circuit.failures > 0) await store.saveCircuit(partner, CLOSED);
}

async function finish(request: Request, codes: readonly (Code | undefined)[], ports: DeliverPorts): Promise<void> {
  const { batchId, messages, startedAt } = request;
  const now = ports.clock.now();
  const durationMs = now.getTime() - startedAt.getTime();
  const attempts = messages.map((message, index) => ({ messageId: message.id, at: startedAt, durationMs, code: codes[index] }));
  const releases = messages.flatMap((message, index): Release[] => {
    const code = codes[index];
    return code === undefined ? [] : [releaseOf(message, code, now, ports.random())];
  });
  await ports.store.finish(batchId, attempts, releases);
  for (const release of releases) {
    if ('gaveUp' in release) await ports.raiseAlarm('undeliverable', release.messageId, release.gaveUp);
  }
}

/**
 * A message waits by itself only where it may be the cause; after a partner-wide failure it stays due behind the circuit, so that
 * the first answer lets all of them go.
 */
function releaseOf(message: OutgoingMessage, code: Code, now: Date, random: number): Release {
  if (entryOf(code).retry !== 'later') return { messageId: message.id, gaveUp: code };
  if (PARTNER_WIDE.includes(code)) return { messageId: message.id, retryAt: now, strike: false };
  return { messageId: message.id, retryAt: new Date(now.getTime() + backoffMs(message.attempts, random)), strike: true };
}
