import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { asTraoError } from '../../libs/errors';
import { answerTo, example, withHeader, type Document } from '../harness/examples';
import { untilAllFinal, type Promised } from '../harness/ledger';
import type { NodeId, TwoNodes } from '../harness/two-nodes';

/** A message that officers handed in while the traffic went on. */
export interface Sent extends Promised {
  /** When they pressed the button (milliseconds since 1970), and when the office had said "sent". */
  readonly startedAt: number;
  readonly acceptedAt: number;
  /** How often they had to try; above 1 the office, or the way to it, was away. */
  readonly tries: number;
  /** An earlier try had got through, and only its answer was lost. */
  readonly replayed: boolean;
}

interface OpenCase {
  readonly referralId: string;
  readonly update: Document;
}

/** Officers try again for so long. */
const PATIENCE_MS = 180_000;
const RETRY_MS = 500;
const CASES = 6;
/** So many officers of both nodes wait for an answer at most: while nobody answers, no more begin. */
const MAX_OPEN = 40;
/** Cases from one node to the other, of which the recipient may tell news without a second officer. */
const KINDS = [
  { referral: 'referral-protect-adult', accept: 'accept-protect-adult', update: 'update-protect-adult-in-progress' },
  { referral: 'referral-return-adult', accept: 'accept-return-adult', update: 'update-return-adult-in-progress' },
] as const;

/** Officers of both nodes who send, steadily, and try again with the same key when they get no answer. */
export class Traffic {
  readonly sent: Sent[] = [];
  /** What no trying again mends; there must be none. */
  readonly refused: string[] = [];
  /** Messages whose officers gave up after three minutes without an answer: nobody was told "sent". */
  readonly givenUp: string[] = [];
  private readonly cases: Record<NodeId, OpenCase[]> = { vn: [], gb: [] };
  private readonly open = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly nodes: TwoNodes) {}

  /** Opens cases on which both sides work from then on. */
  async prepare(): Promise<void> {
    await Promise.all(KINDS.map((kind) => this.openCases(kind)));
  }

  /** Sends news of cases at a rate each way, and a new referral with two officers every two seconds each way. */
  start(perSecond: number): void {
    this.stopped = false;
    this.running = Promise.all([this.news('vn', perSecond), this.news('gb', perSecond), this.referrals()]).then(
      () => undefined,
    );
  }

  /** Begins no more, and waits until all that was begun is sent. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    await Promise.all(this.open);
  }

  private async news(from: NodeId, perSecond: number): Promise<void> {
    for (let n = 0; !this.stopped; n += 1) {
      const { referralId, update } = this.cases[from][n % CASES]!;
      const document = { ...withHeader(update, { referralId }), update: { note: `News ${n} of a drill.` } };
      this.begin(from, document);
      await pause(1_000 / perSecond);
    }
  }

  private async referrals(): Promise<void> {
    while (!this.stopped) {
      for (const { referral } of KINDS) this.begin(nodeOfUnit(example(referral).header.senderUnit), example(referral));
      await pause(2_000);
    }
  }

  private begin(from: NodeId, document: Document): void {
    if (this.open.size >= MAX_OPEN) return;
    const sending = this.handIn(from, document).finally(() => this.open.delete(sending));
    this.open.add(sending);
  }

  private async handIn(from: NodeId, document: Document): Promise<void> {
    const startedAt = Date.now();
    try {
      const { id, tries, replayed } = await this.persist(document);
      const { recipientUnit: unit } = document.header;
      this.sent.push({ id, from, to: nodeOfUnit(unit), unit, startedAt, acceptedAt: Date.now(), tries, replayed });
    } catch (error) {
      const list = isAway(error) ? this.givenUp : this.refused;
      const { code, detail } = asTraoError(error);
      list.push(`${document.header.senderUnit}: ${code} ${detail ?? ''}`.trim());
    }
  }

  /** Tries again with the same key for as long as nobody answers. @throws TraoError what no trying again mends */
  private async persist(document: Document): Promise<Pick<Sent, 'id' | 'tries' | 'replayed'>> {
    const [begun, key] = [Date.now(), randomUUID()];
    for (let tries = 1; ; tries += 1) {
      try {
        const { messageId: id, replayed } = await this.nodes.office.send(document.header.senderUnit, document, key);
        return { id, tries, replayed };
      } catch (error) {
        if (!isAway(error) || Date.now() - begun > PATIENCE_MS) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  private async openCases({ referral, accept, update }: (typeof KINDS)[number]): Promise<void> {
    const document = example(referral);
    const [from, to] = [nodeOfUnit(document.header.senderUnit), nodeOfUnit(document.header.recipientUnit)];
    const send = async (letter: Document) => (await this.persist(letter)).id;
    const ids: string[] = [];
    for (let n = 0; n < CASES; n += 1) ids.push(await send(document));
    await untilAllFinal(this.nodes, from, ids, { timeoutMs: 120_000 });
    for (const inReplyTo of ids) {
      await send(answerTo(document, inReplyTo, 'ack'));
      await send(withHeader(example(accept), { inReplyTo }));
    }
    const database = await this.nodes.database(to);
    const rows = await database.query<{ id: string }>(
      `SELECT referral_id AS id FROM case_event WHERE direction = 'filed' AND message_id = ANY ($1::uuid[])`,
      [ids],
    );
    const { inReplyTo: _, ...header } = example(update).header;
    this.cases[to].push(...rows.map(({ id }) => ({ referralId: id, update: { ...example(update), header } })));
  }
}

/** What is not of our catalogue comes from the proxy: nobody behind it could answer. */
function isAway(error: unknown): boolean {
  const { code, detail, retryable } = asTraoError(error);
  return retryable || code === 'partner_unreachable' || /^HTTP 50[234]/.test(detail ?? '');
}

const nodeOfUnit = (unit: string) => unit.split('.')[0] as NodeId;
