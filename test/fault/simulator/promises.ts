import { isErased, openCase, originalOf, type StoredCaseEvent } from '../../../libs/casework';
import { isProof } from '../../../libs/exchange';
import { caseStateOf } from '../../../libs/lifecycle';
import type { MemoryNode } from '../../fakes/memory-node';
import { inboxKey, type OutboxRow } from '../../fakes/memory-tables';
import { countTransitions } from './lifecycle-watch';
import { OTHER, UNITS } from './moves';
import { mayBeRefused } from './refusals';
import type { Breach } from './watch';
import type { World } from './world';

/** After so much simulated time everything is settled once faults are over: the longest pause of a lane and a few claims. */
const SETTLED_WITHIN_MS = 20 * 60_000;

/** Holds the end of a run against what is promised. What the run watched on its way is in the world already. */
export async function brokenPromises(world: World, healedMs: number): Promise<Breach[]> {
  const check = new Check(world);
  for (const { memory } of world.nodes) {
    for (const [id, { node }] of world.watch.sent) if (node === memory.node) await check.message(memory, id);
    check.nothingElse(memory);
    check.nothingLeft(memory);
  }
  await check.sameCases();
  for (const referral of world.watch.referrals.values())
    for (const { machine, from, on, to } of countTransitions(referral, world.watch.coverage))
      check.break('legal transitions', `${machine}: ${from} by ${on} to ${to}`);
  if (healedMs > SETTLED_WITHIN_MS + world.aheadMs)
    check.break('I9', `settled ${healedMs / 1000} s after everything was mended`);
  for (const { task, error } of world.stage.failures) {
    const { code } = error as { readonly code?: string };
    if (!EXPECTED.includes(code ?? ''))
      check.break('no error that nobody expects', `${task.process.node} ${task.name}: ${String(error)}`);
  }
  return check.breaches;
}

/** Errors with which work may end: it is done again, or nobody is to do it. */
const EXPECTED: readonly string[] = ['database_unavailable', 'key_missing', 'case_busy'];

class Check {
  readonly breaches: Breach[] = [];
  private readonly long: boolean;

  constructor(private readonly world: World) {
    const { counts } = world.faults;
    this.long = counts.long_wait > 0 || counts.wild_clock > 0;
  }

  break(promise: string, what: string): void {
    this.breaches.push({ promise, what });
  }

  private partnerOf(node: MemoryNode): MemoryNode {
    return this.world.node(OTHER[node.node]!).memory;
  }

  /** I1, I2 and I5 for one message. */
  async message(sender: MemoryNode, id: string): Promise<void> {
    const row = sender.tables.outbox.get(id);
    if (!row) return this.break('I1', `${id} was sent and is not in the outbox`);
    const recipient = this.partnerOf(sender);
    const stored = recipient.tables.inbox.get(inboxKey(sender.node, id));
    const named = `${id} (${row.state}${row.code ? ` ${row.code}` : ''})`;
    switch (row.state) {
      case 'delivered':
      case 'opened':
        if (stored?.state !== 'filed' || stored.message.digest !== row.message.digest)
          this.break('I1', `${named}: its recipient has ${stored?.state ?? 'nothing'}`);
        await this.finalReceipt(sender, recipient, row, 'delivered');
        return this.sameBytes(sender, recipient, id);
      case 'refused':
        if (row.code === 'stale_key') return this.givenUp(sender, id);
        if (!mayBeRefused(this.world, sender, recipient, row))
          this.break('I1', `${named}: nothing explains the refusal`);
        return this.finalReceipt(sender, recipient, row, 'refused');
      case 'expired':
        if (!this.long) this.break('I1', `${named}: its time was not over`);
        if (stored?.state === 'filed') this.break('I1', `${named}: its recipient has filed it`);
        return this.ownEvidence(sender, row);
      case 'queued':
      case 'sending':
      case 'received':
      case 'undeliverable':
        this.break('I9', `${named} is not settled`);
    }
  }

  private allArrived(referralId: string): boolean {
    return [...this.world.watch.sent].every(([id, { node, referralId: mine }]) => {
      const state = mine === referralId ? this.world.node(node).memory.tables.outbox.get(id)?.state : 'delivered';
      return state === 'delivered' || state === 'opened';
    });
  }

  private givenUp({ alarms }: MemoryNode, id: string): void {
    if (!alarms.some(({ kind, subject }) => kind === 'undeliverable' && subject === id))
      this.break('I1', `${id} was refused for a retired key, and nobody was told`);
  }

  private receiptsOf({ tables }: MemoryNode, id: string, digest: string) {
    return [...tables.receipts.values()].filter(({ receipt }) => receipt.messageId === id && receipt.digest === digest);
  }

  /** I2: one final receipt, verified, the same on both sides. */
  private async finalReceipt(sender: MemoryNode, recipient: MemoryNode, row: OutboxRow, event: string): Promise<void> {
    const { id, digest } = row.message;
    const isFinal = ({ receipt }: { readonly receipt: { readonly event: string } }) =>
      receipt.event === 'delivered' || receipt.event === 'refused';
    const obtained = this.receiptsOf(sender, id, digest)
      .filter(({ place }) => place === 'obtained')
      .filter(isFinal);
    const issued = this.receiptsOf(recipient, id, digest).filter(isFinal);
    const [mine] = obtained;
    const [theirs] = issued;
    if (obtained.length !== 1 || issued.length !== 1)
      return this.break('I2', `${id}: ${issued.length} final receipts were signed and ${obtained.length} obtained`);
    if (mine!.receipt.event !== event || mine!.receipt.token !== theirs!.receipt.token)
      return this.break('I2', `${id}: the sides hold different final receipts`);
    if (!(await isProof(mine!.receipt.token, row.message, sender.ports.settle.self)))
      this.break('I2', `${id}: the final receipt proves nothing`);
  }

  private ownEvidence(sender: MemoryNode, { message: { id, digest } }: OutboxRow): void {
    const own = this.receiptsOf(sender, id, digest).filter(
      ({ place, receipt }) => place === 'own' && receipt.event === 'not_received',
    );
    if (own.length === 0) this.break('I1', `${id} expired without evidence`);
  }

  /** I5: the signed bytes are the same on both sides. */
  private async sameBytes(sender: MemoryNode, recipient: MemoryNode, id: string): Promise<void> {
    const sent = sender.tables.events.get(`${UNITS[sender.node]!} ${id} sent`);
    const filed = recipient.tables.events.get(`${UNITS[recipient.node]!} ${id} filed`);
    if (!sent || !filed) return this.mayLack(sent ? recipient : sender, id);
    const [mine, theirs] = [await originalIn(sender, sent), await originalIn(recipient, filed)];
    // A precise place goes after seven days, by the clock of the node that holds it: then no signed bytes are left there.
    if (mine === REDACTED || theirs === REDACTED) return;
    if (mine === undefined || mine !== theirs) this.break('I5', `${id}: the signed bytes differ`);
  }

  /** Content is missing only where its case was erased, or where a message has none. */
  private mayLack(node: MemoryNode, id: string): void {
    const { referralId } = this.world.watch.sent.get(id)!;
    if (referralId === undefined) return;
    const record = node.tables.cases.get(`${UNITS[node.node]!} ${referralId}`);
    if (!record || !isErased(record)) this.break('I5', `${id}: ${node.node} has not kept what was signed`);
  }

  /** I3: nothing is stored that nobody sent, and nothing anywhere else. */
  nothingElse(node: MemoryNode): void {
    const { outbox } = this.partnerOf(node).tables;
    for (const { message } of [...node.tables.inbox.values(), ...node.tables.conflicts.values()].map((row) =>
      'message' in row ? row : { message: row },
    ))
      if (!outbox.has(message.id)) this.break('I3', `${node.node} holds ${message.id}, which nobody sent`);
    for (const { messageId, direction, unit } of node.tables.events.values()) {
      const from = direction === 'sent' ? node.tables.outbox : outbox;
      if (!from.has(messageId) || unit !== UNITS[node.node])
        this.break('I3', `${unit} has filed ${messageId}, which nobody sent to it`);
    }
  }

  /** I8: nothing is left in hand. */
  nothingLeft({ node, tables, queue }: MemoryNode): void {
    const waiting = [...tables.receipts.values()].filter(({ place }) => place === 'waiting').length;
    const held = [...tables.inbox.values()].filter(({ state }) => state === 'stored' || state === 'held').length;
    const travels = [...tables.outbox.values()].filter(
      ({ state }) => state === 'queued' || state === 'sending' || state === 'received',
    ).length;
    if (waiting + held + travels + queue.length > 0)
      this.break(
        'I8',
        `${node}: ${waiting} receipts, ${held} incoming, ${travels} outgoing and ${queue.length} jobs are left`,
      );
    if (this.world.stage.tasks.size > 0 || this.world.network.flights.length > 0)
      this.break('I8', 'work is left under way');
  }

  /** Both sides have the same messages of a referral and come to the same state. */
  async sameCases(): Promise<void> {
    for (const id of this.world.watch.referrals.keys()) {
      const states = [];
      for (const { memory } of this.world.nodes) {
        const stored = memory.tables.cases.get(`${UNITS[memory.node]!} ${id}`);
        if (!stored || isErased(stored)) continue;
        const { summary } = openCase(stored, await memory.keys.storageKey(stored.unit));
        states.push(caseStateOf(summary.steps));
      }
      const [one, other] = states;
      // What did not arrive is known to one side only; whether that may be is judged message by message.
      if (!one || !other || !this.allArrived(id)) continue;
      if (JSON.stringify(one) !== JSON.stringify(other))
        this.break('I1', `${id}: the sides disagree, ${one.referral} and ${other.referral}`);
    }
  }
}

/** In the place of bytes of which a part was erased for good. */
const REDACTED = 'redacted';

async function originalIn({ tables, keys }: MemoryNode, event: StoredCaseEvent): Promise<string | undefined> {
  const stored = tables.cases.get(`${event.unit} ${event.referralId}`);
  return stored && (originalOf(openCase(stored, await keys.storageKey(event.unit)), event) ?? REDACTED);
}
