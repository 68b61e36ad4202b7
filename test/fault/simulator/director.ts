import { resend } from './resend';
import { readMessage } from '../../../libs/casework';
import { TraoError } from '../../../libs/errors';
import { pingDraft, type Draft } from '../../fakes/documents';
import { officer } from '../../fakes/officers';
import {
  ALL_MOVES,
  handInFor,
  isRefusal,
  knowledgeOf,
  OTHER,
  UNITS,
  writingOf,
  type AnyMove,
  type Writing,
} from './moves';
import type { Process } from './stage';
import { OPENINGS } from './start-points';
import type { SimNode, World } from './world';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How long a partner may be away, in milliseconds. */
const OUTAGES_MS = [1_000, 5_000, 20_000, 60_000, 30 * MINUTE];

const RESENDABLE: readonly string[] = ['queued', 'sending', 'undeliverable'];

type Act = () => Promise<void> | void;
interface Choice {
  readonly weight: number;
  readonly item: Act;
}

/** Decides what happens next, until it has decided often enough. */
export class Director {
  /** Messages that officers will still write. */
  private writings: number;
  /** Moves that are written first, in this order. */
  private readonly planned: (readonly [node: string, move: AnyMove])[];
  /** Sends whose officer saw no answer, to be pressed again. */
  private readonly unanswered: { readonly node: SimNode; readonly again: () => Promise<unknown> }[] = [];
  private requests = 0;

  constructor(private readonly world: World) {
    this.writings = world.dice.between(1, 4) + world.crossing.length;
    this.planned = world.crossing.map((step) => [step.startsWith('s:') ? 'vn' : 'gb', step.slice(2) as AnyMove]);
  }

  async run(): Promise<void> {
    const { world } = this;
    const acts = world.dice.between(40, 180);
    for (let act = 0; act < acts; act += 1) {
      await world.dice.weighted(this.choices())!();
      world.watch.look();
      if (world.watch.breaches.length > 0) return;
    }
  }

  private choices(): Choice[] {
    const { world } = this;
    const standing = [...world.stage.tasks].filter(({ resume, process }) => resume && !process.stopped);
    const choices: Choice[] = [
      ...standing.map((task) => ({ weight: 5, item: () => world.stage.resume(task) })),
      ...world.network.movable().map((flight) => ({ weight: 6, item: () => world.network.move(flight) })),
      ...world.network.overdue().map((flight) => ({ weight: 2, item: () => world.network.giveUp(flight) })),
      { weight: 2, item: () => this.wait() },
    ];
    if (this.writings > 0) choices.push({ weight: 4, item: () => this.write() });
    if (this.unanswered.length > 0) choices.push({ weight: 2, item: () => this.pressAgain() });
    for (const node of world.nodes) choices.push(...this.choicesOf(node));
    return choices;
  }

  private choicesOf(node: SimNode): Choice[] {
    const { world } = this;
    const { memory, workers } = node;
    const choices: Choice[] = [];
    for (const worker of workers.filter(({ stopped }) => !stopped)) {
      if (!worker.busy.has('relay'))
        choices.push({ weight: 1.5, item: () => this.only(worker, 'relay', () => memory.relay()) });
      if (!worker.busy.has('timers'))
        choices.push({ weight: 0.3, item: () => this.only(worker, 'timers', () => sweep(node)) });
      if (memory.queue.length > 0) choices.push({ weight: 8, item: () => this.job(node, worker) });
    }
    choices.push({ weight: 0.5, item: () => this.open(node) });
    const gaveUp = [...memory.tables.outbox.values()].some(({ state }) => state === 'undeliverable');
    choices.push({ weight: gaveUp ? 3 : 0.2, item: () => this.resendOne(node) });
    if (memory.world !== world.newest) choices.push({ weight: 1, item: () => this.hear(node) });
    for (const process of [...workers, node.gateway])
      if (process.stopped) choices.push({ weight: 0.8, item: () => this.goOn(process) });
    return [...choices, ...this.faultsOf(node)];
  }

  /** Faults that no call meets, each at its own rate; a rate of 0.1 is about one in a run. */
  private faultsOf(node: SimNode): Choice[] {
    const { world } = this;
    const { weather } = world.gates;
    const at = (rate: number, item: Act): Choice => ({ weight: rate * 5, item });
    const faults: Choice[] = [
      at(weather.stand_still, () => this.standStill(node)),
      at(weather.down, () => this.goDown(node, world.dice.pick(OUTAGES_MS))),
      at(weather.flush, () => this.flush(node)),
      at(weather.again, () => this.again(node)),
      at(weather.clock_forward, () => this.skew(node, world.dice.between(1, 240) * 1_000, 'clock_forward')),
      at(weather.clock_back, () => this.skew(node, -world.dice.between(1, 240) * 1_000, 'clock_back')),
      at(weather.rotate, () => this.rotate(node)),
      at(weather.long_wait, () => this.longWait(node)),
      at(weather.wild_clock, () => this.skew(node, world.dice.between(-15 * 24, 40 * 24) * 60 * MINUTE, 'wild_clock')),
    ];
    return faults.filter(({ weight }) => weight > 0);
  }

  private wait(): void {
    const { dice, right } = this.world;
    const ms = dice.pick([100, 500, 1_000, 2_000, 5_000, 15_000, 31_000, 2 * MINUTE]);
    right.advance(ms);
    this.world.note(`${ms / 1000} s pass`);
  }

  /** Work that a process does once at a time. */
  private async only(process: Process, name: string, work: () => Promise<unknown>): Promise<void> {
    process.busy.add(name);
    this.world.note(`${process.node} ${process.name} begins ${name}`);
    await this.world.stage.start(process, name, () => work().finally(() => process.busy.delete(name)));
  }

  private async job({ memory, handedOut, name }: SimNode, worker: Process): Promise<void> {
    const [batch] = memory.queue.splice(this.world.dice.below(memory.queue.length), 1);
    handedOut.push(batch!);
    this.world.note(`${name} ${worker.name} takes job ${batch!.kind} ${batch!.id}`);
    await this.world.stage.start(worker, `${batch!.kind} ${batch!.id}`, () => memory.run(batch!));
  }

  private async open(node: SimNode): Promise<void> {
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
  private async write(): Promise<void> {
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
    const press = async () => {
      await memory.send(document, writing.unit, { ...more, idempotencyKey });
      world.note(`${name} office: sent`);
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

  private async pressAgain(): Promise<void> {
    const { node, again } = this.unanswered.shift()!;
    await this.world.stage.start(node.office, 'send again', again);
  }

  /** Every officer who saw no answer presses again. */
  async pressAll(): Promise<void> {
    while (this.unanswered.length > 0) await this.pressAgain();
  }

  private hear(node: SimNode): void {
    node.memory.world = this.world.newest;
    this.world.note(`${node.name} hears of the newest directory`);
  }

  private goOn(process: Process): void {
    process.stopped = false;
    this.world.note(`${process.node} ${process.name} goes on`);
  }

  private standStill(node: SimNode): void {
    const { dice, right } = this.world;
    const running = [node.gateway, ...node.workers].filter(({ stopped }) => !stopped);
    // Rather one that has something in hand.
    const atWork = running.filter((process) => [...this.world.stage.tasks].some((task) => task.process === process));
    if (running.length === 0) return;
    const process = dice.pick(atWork.length > 0 ? atWork : running);
    process.stopped = true;
    this.world.strike('stand_still', `${process.node} ${process.name}`);
    right.advance(dice.between(31, 95) * 1_000);
  }

  private goDown(node: SimNode, ms: number): void {
    node.downUntil = Math.max(node.downUntil, this.world.now() + ms);
    this.world.strike('down', `${node.name} for ${ms / 1000} s`);
  }

  private flush({ memory, name }: SimNode): void {
    if (memory.queue.length === 0) return;
    this.world.strike('flush', `${name}, ${memory.queue.length} jobs`);
    memory.queue.length = 0;
  }

  private again({ memory, handedOut, name }: SimNode): void {
    if (handedOut.length === 0) return;
    // Rather one that is still at work.
    const names = new Set([...this.world.stage.tasks].map((task) => task.name));
    const atWork = handedOut.filter(({ kind, id }) => names.has(`${kind} ${id}`));
    const batch = this.world.dice.pick(atWork.length > 0 ? atWork : handedOut.slice(-2));
    memory.queue.push(batch);
    this.world.strike('again', `${name}, ${batch.kind} ${batch.id}`);
  }

  private skew(node: SimNode, ms: number, fault: 'clock_forward' | 'clock_back' | 'wild_clock'): void {
    node.clock.skewMs = ms;
    this.world.aheadMs = Math.max(this.world.aheadMs, ms);
    this.world.strike(fault, `${node.name} is ${ms / 1000} s off`);
  }

  private async rotate(node: SimNode): Promise<void> {
    this.world.strike('rotate', node.name);
    await this.world.rotate(node);
  }

  /** Nobody reaches the partner for days: what is not received expires, and what was received is proven late. */
  private longWait(node: SimNode): void {
    const days = this.world.dice.between(5, 35);
    // A worker that waits for an answer may stand still all the while.
    for (const { caller } of this.world.network.flights) {
      const process = caller?.task.process;
      if (process && process.node !== node.name && this.world.dice.chance(0.5)) process.stopped = true;
    }
    this.world.strike('long_wait', `${OTHER[node.name]} does not reach ${node.name} for ${days} days`);
    node.downUntil = this.world.now() + days * DAY + 1;
    this.world.right.advance(days * DAY);
  }

  /** An operator has a message tried again. */
  private resendOne({ memory, name }: SimNode): void {
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

/** Everything that the clock brings about, as the worker does it. */
export async function sweep({ memory }: Pick<SimNode, 'memory'>): Promise<void> {
  await memory.expire();
  await memory.noteOverdue();
  await memory.acknowledgeOpened();
  await memory.reseal();
  await memory.sweep();
}
