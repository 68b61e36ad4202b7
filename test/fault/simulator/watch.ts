import { isErased, openCase, type StoredCase } from '../../../libs/casework';
import type { Settlement } from '../../../libs/exchange';
import {
  DELIVERY_EVENTS,
  nextDelivery,
  type DeliveryEvent,
  type DeliveryState,
  type Step,
} from '../../../libs/lifecycle';
import type { MemoryNode } from '../../fakes/memory-node';
import { inboxKey } from '../../fakes/memory-tables';
import type { WatchedReferral } from './lifecycle-watch';
import { OTHER, UNITS } from './moves';
import { FALSE_CODES } from './network';
import { Arrivals } from './arrivals';
import { replaceCall } from './replace-call';
import type { StartPoint } from './start-points';
import { Coverage } from './transitions';

/** A promise that was broken, and how. */
export interface Breach {
  readonly promise: string;
  readonly what: string;
}

const ARRIVED: readonly DeliveryState[] = ['received', 'delivered', 'opened'];

/** Looks on while a run goes on: counts transitions, keeps what was sent, and holds the sender's view against the truth at every step. */
export class Watch {
  readonly coverage = new Coverage();
  readonly breaches: Breach[] = [];
  readonly referrals = new Map<string, WatchedReferral>();
  /** Messages of this run, with their referral. */
  readonly sent = new Map<string, { readonly node: string; readonly referralId: string | undefined }>();
  /** In which order messages were stored and refused at their recipients, by the names of their rows. */
  readonly arrivals = new Arrivals();
  /** How many moves of each node were looked at. */
  private readonly looked = new Map<string, number>();
  private readonly states = new Map<string, DeliveryState>();

  constructor(
    private readonly nodes: Readonly<Record<string, MemoryNode>>,
    private readonly start: StartPoint,
  ) {
    for (const [name, { tables }] of Object.entries(nodes)) {
      this.looked.set(name, tables.history.length);
      for (const [id, { state }] of tables.outbox) this.states.set(id, state);
    }
  }

  /** Reads the referral that is there already. */
  async prepare(): Promise<void> {
    const { referralId } = this.start;
    if (referralId === undefined) return;
    for (const node of Object.values(this.nodes)) {
      const stored = node.tables.cases.get(`${UNITS[node.node]!} ${referralId}`);
      if (!stored || isErased(stored) || this.referrals.has(referralId)) continue;
      const { steps } = await this.summaryOf(node, stored);
      const before = new Set(steps.map(({ id }) => id));
      this.referrals.set(referralId, { id: referralId, steps: [...steps], before, provenAt: new Map() });
    }
  }

  private async summaryOf(node: MemoryNode, stored: StoredCase) {
    return openCase(stored, await node.keys.storageKey(stored.unit)).summary;
  }

  /** Hears of every commit of a node. Put in place before the gates, so that what it hears has happened. */
  listen(node: MemoryNode): void {
    const { ports, tables } = node;
    hear(ports.send, 'save', (sent) => this.wrote(node, sent as Saved));
    hear(ports.ingest, 'file', (_batch, filing) => this.filed(node, filing as Filed));
    hear(ports.settle, 'settle', (settlements) => this.settled(node, settlements as readonly Settlement[]));
    hear(ports.deliver, 'settle', (settlements) => this.settled(node, settlements as readonly Settlement[]));
    hear(ports.expire, 'expire', (messages) => {
      for (const { id } of messages as readonly { readonly id: string }[]) this.count(stateOf(node, id), 'expired');
    });
    this.arrivals.listen(node);
    const moved = (on: DeliveryEvent) => (before: ReadonlyMap<string, DeliveryState>, ids: readonly string[]) => {
      for (const id of ids) this.count(before.get(id)!, on);
    };
    around(ports.deliver, 'begin', tables, (before, _args, begun) =>
      moved('attempted')(
        before,
        (begun as readonly { readonly id: string }[]).map(({ id }) => id),
      ),
    );
    around(ports.deliver, 'finish', tables, (before, [, , releases]) => {
      const ended = (releases as readonly { readonly messageId: string; readonly gaveUp?: string }[]).filter(
        ({ gaveUp, messageId }) => gaveUp && before.get(messageId) !== tables.outbox.get(messageId)!.state,
      );
      moved('gave_up')(
        before,
        ended.map(({ messageId }) => messageId),
      );
    });
  }

  /** Officers have written a referral and agreed to it: rows 1 to 3 of its machine, before any message. */
  drafted(): void {
    this.coverage.take({ machine: 'referral', from: 'none', on: 'drafted', to: 'draft' });
    this.coverage.take({ machine: 'referral', from: 'draft', on: 'approved', to: 'ready' });
    this.coverage.take({ machine: 'referral', from: 'ready', on: 'referral', to: 'sent' });
  }

  /** An operator has a message tried again. */
  resent(state: DeliveryState): void {
    this.count(state, 'resent');
  }

  private count(from: DeliveryState, on: DeliveryEvent): void {
    this.coverage.take({ machine: 'delivery', from, on, to: nextDelivery(from, on) });
  }

  private async wrote(node: MemoryNode, { message, record, erases }: Saved): Promise<void> {
    this.sent.set(message.id, { node: node.node, referralId: record?.referralId });
    if (!record) return;
    const step =
      erases === undefined
        ? (await this.summaryOf(node, record)).steps.at(-1)!
        : await this.erasure(node, record, message.id);
    const { referralId } = record;
    const known = this.referrals.get(referralId);
    const referral: WatchedReferral = known ?? {
      id: referralId,
      steps: [],
      before: new Set<string>(),
      provenAt: new Map(),
    };
    referral.steps.push(step);
    this.referrals.set(referralId, referral);
    this.noteProof(node, referral, step.id);
  }

  /** The message that erases its own case: nothing of it is left to read but the case before. */
  private async erasure(node: MemoryNode, { unit, referralId }: StoredCase, id: string): Promise<Step> {
    const { side, sent, filed, openedBy } = await this.summaryOf(node, node.tables.cases.get(`${unit} ${referralId}`)!);
    const facts = { kind: 'erasure_confirm' } as const;
    const at = node.clock.now().toISOString();
    const common = { id, type: 'erasure_confirm', by: side, authorRole: 'dpo', inReplyTo: openedBy } as const;
    return { ...common, seq: sent.seq + 1, seen: filed.seq, digest: '', at, facts };
  }

  private filed(node: MemoryNode, { events }: Filed): void {
    for (const { referralId, messageId } of events) {
      const referral = this.referrals.get(referralId);
      if (referral) this.noteProof(node, referral, messageId);
    }
  }

  /** Only the sender's own view has the axis of delivery. */
  private noteProof({ tables }: MemoryNode, { steps, provenAt }: WatchedReferral, messageId: string): void {
    const opening = steps.find(({ type }) => type === 'referral')!;
    const row = tables.outbox.get(opening.id);
    if (row && messageId !== opening.id) provenAt.set(messageId, row.state);
  }

  private settled(node: MemoryNode, settlements: readonly Settlement[]): void {
    const states = new Map<string, DeliveryState>();
    for (const { receipt, state } of settlements) {
      const row = node.tables.outbox.get(receipt.messageId)!;
      if (receipt.digest !== row.message.digest) continue;
      const from = states.get(row.message.id) ?? row.state;
      const event = receipt.event as DeliveryEvent;
      this.count(from, event);
      const to = nextDelivery(from, event);
      if ((to === 'same' || to === 'contradiction' ? undefined : to) !== state)
        this.breaches.push({
          promise: 'legal transitions',
          what: `${receipt.messageId}: ${from} by ${event} to ${state}`,
        });
      if (state) states.set(row.message.id, state);
    }
  }

  /** Holds what is committed since the last look against what is true. */
  look(): void {
    for (const [name, node] of Object.entries(this.nodes)) {
      const { history } = node.tables;
      for (const { id, state } of history.slice(this.looked.get(name))) this.moved(node, id, state);
      this.looked.set(name, history.length);
    }
  }

  private moved(node: MemoryNode, id: string, state: DeliveryState): void {
    const from = this.states.get(id);
    this.states.set(id, state);
    const begins = state === 'queued' && (from === undefined || from === 'refused');
    const legal = begins || DELIVERY_EVENTS.some((event) => nextDelivery(from!, event) === state);
    if (!legal) this.breaches.push({ promise: 'legal transitions', what: `${id}: ${from} to ${state}` });
    const opening = [...this.referrals.values()].find(({ steps }) => steps[0]?.id === id);
    if (opening) this.openingMoved(opening, state);
    if (ARRIVED.includes(state)) this.expectStored(node, id, state);
    if (state === 'undeliverable') this.expectReason(node, id);
  }

  /** I1: nothing is given up that could be tried again, or has arrived. Only a faulty front says what ends a message here. */
  private expectReason({ tables }: MemoryNode, id: string): void {
    const { state, code } = tables.outbox.get(id)!;
    if (state === 'undeliverable' && !FALSE_CODES.some((reason) => reason === code))
      this.breaches.push({ promise: 'I1', what: `${id} was given up, and nothing but ${code} speaks for it` });
  }

  /** Rows 4 and 24 of the referral's machine: the partner's proof, and the timer. */
  private openingMoved({ steps }: WatchedReferral, state: DeliveryState): void {
    if (steps.length > 1) return;
    if (state === 'delivered')
      this.coverage.take({ machine: 'referral', from: 'sent', on: 'delivery_proven', to: 'delivered' });
    if (state === 'expired') this.coverage.take({ machine: 'referral', from: 'sent', on: 'expiry', to: 'expired' });
  }

  /** I4: the sender is never ahead of the truth. */
  private expectStored(node: MemoryNode, id: string, state: DeliveryState): void {
    const { tables } = this.nodes[OTHER[node.node]!]!;
    const { digest } = node.tables.outbox.get(id)!.message;
    const row = tables.inbox.get(inboxKey(node.node, id));
    const aside = tables.conflicts.has(`${inboxKey(node.node, id)} ${digest}`);
    const stored = row?.message.digest === digest || aside;
    const filed = row?.state === 'filed' && row.message.digest === digest;
    if (!(state === 'received' ? stored : filed))
      this.breaches.push({
        promise: 'I4',
        what: `${node.node} holds ${id} for ${state}, and the partner has ${row?.state ?? 'no row'}`,
      });
  }
}

interface Saved {
  readonly message: { readonly id: string };
  readonly record: StoredCase | undefined;
  readonly erases: string | undefined;
}
interface Filed {
  readonly events: readonly { readonly referralId: string; readonly messageId: string }[];
}

const stateOf = ({ tables }: MemoryNode, id: string) => tables.outbox.get(id)!.state;

/** Calls `listener` with the arguments of a store's call, right before it. */
function hear(ports: object, name: string, listener: (...args: unknown[]) => unknown): void {
  replaceCall(ports, name, (call) => async (...args) => {
    await listener(...args);
    return call(...args);
  });
}

type After = (before: ReadonlyMap<string, DeliveryState>, args: readonly unknown[], result: unknown) => void;

/** Calls `listener` right after a store's call, with the states of messages from before it. */
function around(ports: object, name: string, tables: MemoryNode['tables'], listener: After): void {
  replaceCall(ports, name, (call) => async (...args) => {
    const before = new Map([...tables.outbox].map(([id, { state }]) => [id, state]));
    const result = await call(...args);
    listener(before, args, result);
    return result;
  });
}
