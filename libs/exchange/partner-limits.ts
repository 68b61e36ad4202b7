import { PRIORITIES, type Priority } from '../envelope';
import { parseStrictJson } from '../schema';
import { RetryAfterError } from './circuit';
import { TokenBucket } from './token-bucket';
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES } from './wire';

/** How much one partner may send to this process. */
export interface PartnerRates {
  /** Messages that are neither urgent nor emergencies, a second. Those have a budget of their own each, half as large. */
  readonly messagesPerS: number;
  readonly bytesPerS: number;
  /** For how many seconds a partner may send what it did not send before. */
  readonly burstS: number;
}

/** Lists of receipts that a partner may hand over, as a multiple of messages: each message of ours has three receipts at most. */
const RECEIPTS = 4;
/** Emergencies go past what waits, so that they need no large budget; and without one a partner could call everything an emergency. */
const SHARE: Readonly<Record<Priority, number>> = { emergency: 0.5, urgent: 0.5, normal: 1 };
/**
 * Whoever heeds `Retry-After` is put off a few times a second at most: two batches of a lane, none of them sooner than a second later. What
 * comes more often is told so late that the connections of a partner bound what it can ask.
 */
const PUT_OFF_AT_ONCE_PER_S = 16;
const LATE_MS = 1_000;
/** The head of a token is shorter (protocol §3). */
const MAX_HEAD = 2_048;

interface Budget {
  readonly messages: TokenBucket;
  readonly bytes: TokenBucket;
}

/**
 * What each partner may send, by lane: whoever sends too much is asked to wait, and keeps what it has. Nothing is dropped. A lane that is
 * exhausted leaves the others of the partner, and all lanes of other partners, alone. Limits hold for one process: two gateways let
 * twice as much through.
 */
export class PartnerLimits {
  private readonly budgets = new Map<string, Budget>();
  private readonly putOff = new Map<string, TokenBucket>();

  /**
   * @param now milliseconds of a clock that does not run backwards
   * @param pause waits, in milliseconds
   */
  constructor(
    private readonly rates: PartnerRates,
    private readonly now: () => number,
    private readonly pause: (ms: number) => Promise<void>,
  ) {}

  /**
   * Does what reads and admits a request of a partner. One that is put off again and again, because it does not wait as it is asked to, hears
   * of it late, so that its requests do not use up the process. What was read is let go of meanwhile.
   */
  async patiently<T>(partner: string, admitting: () => Promise<T>): Promise<T> {
    try {
      return await admitting();
    } catch (error) {
      if (error instanceof RetryAfterError && this.isTooOften(partner)) await this.pause(LATE_MS);
      throw error;
    }
  }

  private isTooOften(partner: string): boolean {
    const now = this.now();
    const told = this.putOff.get(partner) ?? new TokenBucket(PUT_OFF_AT_ONCE_PER_S, PUT_OFF_AT_ONCE_PER_S);
    this.putOff.set(partner, told);
    if (told.waitMs(1, now) > 0) return true;
    told.take(1, now);
    return false;
  }

  /**
   * Counts a batch of sealed messages against its partner.
   * @param partner a node of the directory, so that there are few
   * @throws RetryAfterError `rate_limited`, with the time after which it may come
   */
  admitMessages(partner: string, tokens: readonly string[]): void {
    const lanes = new Map<Priority, { messages: number; bytes: number }>();
    for (const token of tokens) {
      const lane = laneOf(token);
      const { messages, bytes } = lanes.get(lane) ?? { messages: 0, bytes: 0 };
      lanes.set(lane, { messages: messages + 1, bytes: bytes + token.length });
    }
    this.admit(
      [...lanes].map(([lane, asked]) => ({ ...asked, budget: this.budget(`${partner} ${lane}`, SHARE[lane]) })),
    );
  }

  /** Counts a list of receipts against its partner. @throws RetryAfterError `rate_limited` */
  admitReceipts(partner: string, receipts: number, bytes: number): void {
    this.admit([{ budget: this.budget(`${partner} receipts`, RECEIPTS), messages: receipts, bytes }]);
  }

  /** All of it or nothing: a batch is one answer. */
  private admit(asked: readonly { budget: Budget; messages: number; bytes: number }[]): void {
    const now = this.now();
    const waits = asked.map(({ budget, messages, bytes }) =>
      Math.max(budget.messages.waitMs(messages, now), budget.bytes.waitMs(bytes, now)),
    );
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw new RetryAfterError('rate_limited', waitMs);
    for (const { budget, messages, bytes } of asked) {
      budget.messages.take(messages, now);
      budget.bytes.take(bytes, now);
    }
  }

  private budget(name: string, share: number): Budget {
    const known = this.budgets.get(name);
    if (known) return known;
    const { messagesPerS, bytesPerS, burstS } = this.rates;
    // A single full batch always passes a budget that rested: one that could never pass would come again for ever.
    const budget = {
      messages: new TokenBucket(messagesPerS * share, Math.max(messagesPerS * share * burstS, MAX_BATCH_MESSAGES)),
      bytes: new TokenBucket(bytesPerS * share, Math.max(bytesPerS * share * burstS, MAX_BATCH_BYTES)),
    };
    this.budgets.set(name, budget);
    return budget;
  }
}

/**
 * The lane that a sealed message claims, without judging it: whoever lies here is refused later. What cannot be read is no emergency.
 */
function laneOf(token: string): Priority {
  try {
    const head = Buffer.from(token.slice(0, MAX_HEAD).split('.', 1)[0]!, 'base64url');
    const { pri } = parseStrictJson(head, { maxBytes: MAX_HEAD }) as { readonly pri?: unknown };
    return PRIORITIES.find((lane) => lane === pri) ?? 'normal';
  } catch {
    return 'normal';
  }
}
