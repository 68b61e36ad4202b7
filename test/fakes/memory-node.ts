import {
  accept,
  judgeFiles,
  pushFiles,
  acknowledge,
  acknowledgeOpened,
  deliver,
  expire,
  ingest,
  noteOverdue,
  relay,
  resealStale,
  settle,
  type AcceptPiecePorts,
  type AcceptPorts,
  type AcknowledgePorts,
  type Batch,
  type DeliverPorts,
  type ExpirePorts,
  type FileLink,
  type IngestPorts,
  type JudgePorts,
  type MessageAnswer,
  type OpenedPorts,
  type OverduePorts,
  type PushPorts,
  type RaiseAlarm,
  type ReceiptAnswer,
  type RelayPorts,
  type ResealPorts,
  type SettlePorts,
  type SettleResult,
} from '../../libs/exchange';
import {
  send,
  sweepCases,
  type CaseFilePorts,
  type DraftPorts,
  type FilePorts,
  type ForwardPorts,
  type NotesPorts,
  type ReadPorts,
  type SendPorts,
  type SendRequest,
  type SweepPorts,
} from '../../libs/casework';
import { deadlinesFor } from '../../libs/deadlines';
import { FILE_LIMITS, type Scan } from '../../libs/attachments';
import type { Draft } from './documents';
import type { FictionalKeys } from './fictional-keys';
import type { FictionalWorld } from './fictional-world';
import type { ManualClock } from './manual-clock';
import { draftStore, notesStore, openedStore, readStore, sweepStore } from './memory-cases';
import { authorOf, handInOf } from './memory-office';
import { acceptPieceStore, caseFileStore, fileStore, judgeFileStore, pushStore } from './memory-files';
import { acceptStore, acknowledgeStore, beginIngest, ingestStore } from './memory-receiver';
import {
  attemptStore,
  deliverStore,
  expireStore,
  overdueStore,
  resealStore,
  sendStore,
  settleStore,
} from './memory-sender';
import { MemoryTables } from './memory-tables';
import { relayStore } from './memory-work';

/** What a node posts to its partners. */
export interface Link extends FileLink {
  messages(partner: string, tokens: readonly string[]): Promise<MessageAnswer[]>;
  receipts(partner: string, tokens: readonly string[]): Promise<ReceiptAnswer[]>;
}

/** A whole node in memory: gateway, worker and office over the same tables. The test says when each of them works. */
export class MemoryNode {
  readonly tables = new MemoryTables();
  readonly alarms: { readonly kind: string; readonly subject: string; readonly code?: string | undefined }[] = [];
  readonly queue: Batch[] = [];
  readonly keys: FictionalKeys;
  readonly ports: ReturnType<MemoryNode['makePorts']>;
  /** The scanner of the node; a test changes it. */
  scan: Scan = async (content) => {
    for await (const _bytes of content);
    return 'clean';
  };
  hasScanner = true;
  /** Where posts go; a link sets it. */
  link: Link | undefined;

  constructor(
    readonly node: string,
    public world: FictionalWorld,
    readonly clock: ManualClock,
    readonly random: () => number,
  ) {
    this.keys = world.keysOf(node);
    this.ports = this.makePorts();
  }

  /** An id of version 7 whose time is that of the manual clock. */
  readonly newId = (): string => {
    const time = this.clock.now().getTime().toString(16).padStart(12, '0');
    const digits = () =>
      Math.floor(this.random() * 0x1000)
        .toString(16)
        .padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${digits()}-8${digits()}-${digits()}${digits()}${digits()}${digits()}`;
  };

  private makePorts() {
    const { tables, clock, keys, random, newId } = this;
    const self = { node: this.node, partners: () => this.world.partners };
    const raiseAlarm: RaiseAlarm = (kind, subject, code) => {
      this.alarms.push({ kind, subject, ...(code && { code }) });
      return Promise.resolve();
    };
    const every = {
      self,
      keys,
      clock,
      random,
      newId,
      raiseAlarm,
      deadlinesFor: (partner: string) => deadlinesFor(partner, {}),
    };
    const forUnit =
      <S>(store: (unit: string) => S) =>
      <T>(unit: string, work: (store: S) => Promise<T>): Promise<T> =>
        tables.atomically(() => work(store(unit)));
    const now = () => clock.now();
    const draft: DraftPorts = { ...every, transaction: forUnit((unit) => draftStore(tables, unit)) };
    const read: ReadPorts = { ...every, read: forUnit((unit) => readStore(tables, unit)) };
    const settling: SettlePorts = {
      ...every,
      transaction: inTransaction(tables, settleStore(tables, clock, raiseAlarm)),
    };
    const enqueue = (batches: readonly Batch[]) => {
      this.queue.push(...batches);
      return Promise.resolve();
    };
    const scan: Scan = (content) => this.scan(content);
    const limits = FILE_LIMITS;
    const judge: JudgePorts = { ...every, store: judgeFileStore(tables, clock, raiseAlarm), scan, hasScanner: true };
    Object.defineProperty(judge, 'hasScanner', { get: () => this.hasScanner });
    return {
      acceptPiece: { ...every, store: acceptPieceStore(tables) } satisfies AcceptPiecePorts,
      caseFiles: { ...every, read: forUnit((unit) => caseFileStore(tables, unit)) } satisfies CaseFilePorts,
      files: {
        ...every,
        limits,
        scan,
        transaction: forUnit((unit) => fileStore(tables, unit)),
      } satisfies FilePorts,
      judge,
      push: {
        ...every,
        store: pushStore(tables, clock),
        link: {
          held: (partner, id) => this.link!.held(partner, id),
          put: (partner, piece) => this.link!.put(partner, piece),
        },
      } satisfies PushPorts,
      accept: { ...every, store: acceptStore(tables, this.node) } satisfies AcceptPorts,
      acknowledge: {
        ...every,
        store: acknowledgeStore(tables, clock),
        post: (partner, tokens) => this.link!.receipts(partner, tokens),
      } satisfies AcknowledgePorts,
      deliver: {
        ...every,
        transaction: inTransaction(tables, attemptStore(tables, clock, raiseAlarm)),
        store: deliverStore(tables, clock),
        post: (partner, tokens) => this.link!.messages(partner, tokens),
      } satisfies DeliverPorts,
      expire: { ...every, transaction: inTransaction(tables, expireStore(tables, clock)) } satisfies ExpirePorts,
      ingest: {
        ...every,
        begin: beginIngest(tables, clock),
        transaction: inTransaction(tables, ingestStore(tables, clock, raiseAlarm)),
      } satisfies IngestPorts,
      draft,
      forward: { drafts: draft, reading: read } satisfies ForwardPorts,
      notes: { ...every, transaction: forUnit((unit) => notesStore(tables, unit, now)) } satisfies NotesPorts,
      opened: { ...every, transaction: inTransaction(tables, openedStore(tables, now)) } satisfies OpenedPorts,
      overdue: {
        ...every,
        transaction: inTransaction(tables, overdueStore(tables, this.node, clock, raiseAlarm)),
      } satisfies OverduePorts,
      read,
      relay: { store: relayStore(tables, clock, newId, random), enqueue, clock } satisfies RelayPorts,
      reseal: {
        ...every,
        transaction: inTransaction(tables, resealStore(tables, clock, raiseAlarm)),
      } satisfies ResealPorts,
      send: { ...every, transaction: forUnit((unit) => sendStore(tables, unit, clock)) } satisfies SendPorts,
      sweep: { ...every, transaction: inTransaction(tables, sweepStore(tables, raiseAlarm)) } satisfies SweepPorts,
      settle: settling,
    };
  }

  /** Hands in a document as officers do: drafted, agreed to by everybody it needs, and sent. */
  async send(document: unknown, unit: string, more: Partial<SendRequest> = {}) {
    const handIn = more.handIn ?? (await handInOf(this, document, unit));
    const request = { unit, actor: authorOf(document, unit), handIn, clientId: 'client-1', ...more };
    return send({ idempotencyKey: this.newId(), ...request }, this.ports.send);
  }

  /** Sends and answers the message as it waits in the outbox. */
  async sent(document: Draft, senderUnit: string) {
    const { messageId } = await this.send(document, senderUnit);
    return this.tables.outbox.get(messageId)!.message;
  }

  accept(lines: readonly string[], peer: string): Promise<MessageAnswer[]> {
    return accept(lines, peer, this.ports.accept);
  }

  settle(tokens: readonly string[], peer: string): Promise<SettleResult[]> {
    return settle(tokens, peer, this.ports.settle);
  }

  pushFiles(): Promise<number> {
    return pushFiles(this.ports.push);
  }

  judgeFiles(): Promise<number> {
    return judgeFiles(this.ports.judge);
  }

  async relay(): Promise<number> {
    return (await relay(this.ports.relay)).batches;
  }

  expire(): Promise<number> {
    return expire(this.ports.expire);
  }

  noteOverdue(): Promise<number> {
    return noteOverdue(this.ports.overdue);
  }

  reseal(): Promise<number> {
    return resealStale(this.ports.reseal);
  }

  sweep(): Promise<number> {
    return sweepCases(this.ports.sweep);
  }

  acknowledgeOpened(): Promise<number> {
    return acknowledgeOpened(this.ports.opened);
  }

  /** Runs one queued job. */
  run({ kind, id }: Batch): Promise<void> {
    switch (kind) {
      case 'deliver':
        return deliver(id, this.ports.deliver);
      case 'ingest':
        return ingest(id, this.ports.ingest);
      case 'acknowledge':
        return acknowledge(id, this.ports.acknowledge);
    }
  }

  /** Claims what is due and runs it, until nothing is due any more. */
  async work(): Promise<void> {
    while ((await this.relay()) > 0) {
      while (this.queue.length > 0) await this.run(this.queue.shift()!);
    }
  }

  /** Files what waits in the inbox; evidence stays here. */
  async file(): Promise<void> {
    while ((await this.relay()) > 0) {
      for (const batch of this.queue.filter(({ kind }) => kind === 'ingest')) await this.run(batch);
      this.queue.length = 0;
    }
  }

  /** Claims what is due of one kind and answers the batch. */
  async claim(kind: Batch['kind']): Promise<Batch> {
    await this.relay();
    const index = this.queue.findIndex((batch) => batch.kind === kind);
    if (index < 0) throw new Error(`${this.node}: nothing to ${kind}`);
    return this.queue.splice(index, 1)[0]!;
  }
}

function inTransaction<S>(tables: MemoryTables, store: S) {
  return <T>(work: (store: S) => Promise<T>): Promise<T> => tables.atomically(() => work(store));
}
