import { readMessage } from '../../../libs/casework';
import { TraoError } from '../../../libs/errors';
import { pingDraft, type Draft } from '../../fakes/documents';
import { officer } from '../../fakes/officers';
import { ALL_MOVES, handInFor, isRefusal, knowledgeOf, UNITS, writingOf, type AnyMove, type Writing } from './moves';
import { resend } from './resend';
import { OPENINGS } from './start-points';
import type { SimNode, World } from './world';

const RESENDABLE: readonly string[] = ['queued', 'sending', 'undeliverable'];

/** What people do in a run: officers of both units write, press again and read; operators have messages tried again. */
export class People {
  /** Messages that officers will still write. */
  writings: number;
  /** Moves that are written first, in this order. */
  private readonly planned: (readonly [node: string, move: AnyMove])[];
  /** Sends whose officer saw no answer, to be pressed again. */
  readonly unanswered: { readonly node: SimNode; readonly again: () => Promise<unknown> }[] = [];
  private requests = 0;

  constructor(private readonly world: World) {
    this.writings = world.dice.between(1, 4) + world.crossing.length;
    this.planned = world.crossing.map((step) => [step.startsWith('s:') ? 'vn' : 'gb', step.slice(2) as AnyMove]);
  }

  /** An officer of data protection reads a message that has come. */
  async open(node: SimNode): Promise<void> {
    const { memory, office } = node;
    const unit = UNITS[node.name]!;
    const unread = [...memory.tables.events.values()].filter(({ direction }) => direction === 'filed');
    if (unread.length === 0) return;
    const { sent } = this.world.watch;
    const fresh = unread.filter((event) => sent.has(event.messageId));
    const { messageId } = this.world.dice.pick(fresh.length > 0 ? fresh : unread);
    this.world.note(`${node.name} office opens ${messageId}`);
    await this.world.stage.start(office, `open ${messageId}`, () =>
      readMessage(officer(unit, 'dpo'), messageId, memory.ports.read),
    );
  }

  /** An officer writes and sends: a move of the case, or something new. */
  async write(): Promise<void> {
    const { dice, watch, start } = this.world;
    this.writings -= 1;
    const cases = [...watch.referrals.keys()];
    if (start.referralId === undefined && cases.length === 0) {
      const document = dice.pick(Object.values(OPENINGS))();
      return this.send(this.world.node('vn'), { unit: UNITS['vn']!, document });
    }
    if (dice.chance(0.05)) return this.send(this.world.node('vn'), { unit: UNITS['vn']!, document: pingDraft() });
    const referralId = dice.pick(cases.length > 0 ? cases : [start.referralId!]);
    const [name, move] = this.planned.shift() ?? [];
    const node = name ? this.world.node(name) : dice.pick(this.world.nodes);
    const known = await knowledgeOf(node.memory, referralId);
    if (!known) return;
    for (const next of move ? [move] : dice.shuffled(ALL_MOVES)) {
      const writing = writingOf(known, next);
      if (writing) return this.send(node, writing);
    }
  }

  private async send(node: SimNode, writing: Writing): Promise<void> {
    const { world } = this;
    const { memory, office, name } = node;
    const priority = world.dice.pick(['normal', 'normal', 'urgent', 'emergency']);
    const document: Draft = { ...writing.document, header: { ...writing.document.header, priority } };
    const more = await handInFor(memory, { ...writing, document }).catch((error: unknown) => {
      if (isRefusal(error)) return undefined;
      throw error;
    });
    if (!more) return;
    if (document.header['messageType'] === 'referral' && 'draftId' in more.handIn) world.watch.drafted();
    this.requests += 1;
    const idempotencyKey = `request-${this.requests}`;
    let answered: string | undefined;
    const press = async () => {
      const { messageId } = await memory.send(document, writing.unit, { ...more, idempotencyKey });
      world.note(`${name} office: sent`);
      if (messageId !== (answered ??= messageId))
        world.watch.breaches.push({ promise: 'I3', what: `one request became ${answered} and ${messageId}` });
    };
    const again = () =>
      press().catch((error: unknown) => {
        if (isRefusal(error)) return;
        // Also a draft that went with the first press: the officer sees that it is gone.
        if (error instanceof TraoError && error.code !== 'database_unavailable') return;
        this.unanswered.push({ node, again });
      });
    world.note(`${name} office writes ${String(document.header['messageType'])} (${priority})`);
    await world.stage.start(office, 'send', again);
  }

  /** An officer who saw no answer presses the same button again. */
  async pressAgain(): Promise<void> {
    const { node, again } = this.unanswered.shift()!;
    await this.world.stage.start(node.office, 'send again', again);
  }

  /** Every officer who saw no answer presses again. */
  async pressAll(): Promise<void> {
    while (this.unanswered.length > 0) await this.pressAgain();
  }

  /** An operator has a message tried again. */
  resendOne({ memory, name }: SimNode): void {
    const waiting = [...memory.tables.outbox].filter(([, { state }]) => RESENDABLE.includes(state));
    if (waiting.length === 0) return;
    const [id, { state }] = this.world.dice.pick(waiting);
    if (!resend(memory, id)) return;
    this.world.watch.resent(state);
    this.world.note(`${name} operator sends ${id} again`);
  }

  /** An operator has messages that were given up tried again. */
  recover(): void {
    for (const { memory, name } of this.world.nodes) {
      for (const [id, { state }] of memory.tables.outbox) {
        if (state !== 'undeliverable' || !resend(memory, id)) continue;
        this.world.watch.resent(state);
        this.world.note(`${name} operator sends ${id} again`);
      }
    }
  }
}
