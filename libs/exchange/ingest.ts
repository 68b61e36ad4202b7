import { wireCodeOf, type Code } from '../errors';
import { digestOf, issueReceipt, type Receipt } from '../envelope';
import { caseStateOf, belongsToReferral } from '../lifecycle';
import { closeCase, closeTombstone, nextMarkOf } from '../casework';
import type { StoredCase } from '../casework';
import { Desk, refOf } from './desk';
import type { IngestPorts, IngestStore } from './ingest-ports';
import { openWaiting, type Read, type WaitingMessage } from './open-waiting';
import type { StoredReceipt } from './ports';

/** Tries after which a message that cannot be filed for reasons of this machine raises an alarm. */
const STUCK_AFTER = 20;

/**
 * Opens the messages of one batch, checks everything, files what holds into the cases of their units, and signs `delivered` or
 * `refused`; cases, receipts, alarms and the state of each message in one commit.
 */
export async function ingest(batchId: string, ports: IngestPorts): Promise<void> {
  const waiting = await ports.begin(batchId);
  if (waiting.length === 0) return;
  // It goes on being tried, alone and ever more rarely; people have to look why.
  for (const { id } of waiting.filter(({ attempts }) => attempts === STUCK_AFTER))
    await ports.raiseAlarm('message_stuck', id);
  const read = await Promise.all(waiting.map((message) => openWaiting(message, ports)));
  // fail-point R5: opened
  await ports.transaction((store) => fileAll(batchId, read, store, ports));
  // fail-point R7: filed, receipt not sent
}

async function fileAll(batchId: string, all: readonly Read[], store: IngestStore, ports: IngestPorts) {
  const waiting = new Set((await store.lockWaiting(batchId)).map(nameOf));
  const read = all.filter(({ message }) => waiting.has(nameOf(message)));
  const desk = new Desk(store, ports);
  const opened = read.flatMap((item) => ('opened' in item ? [item.opened] : []));
  const refs = opened.filter(({ message }) => belongsToReferral(message)).map(({ message }) => refOf(message));
  await desk.lay(await store.lockCases(refs));
  // In the order of their numbers, so that a batch that arrives shuffled needs no second look.
  const inOrder = [...read].sort((a, b) => seqOf(a) - seqOf(b));
  for (const item of inOrder) await desk.place(item);

  const at = ports.clock.now();
  const receipts = await Promise.all([
    ...desk.filed.map((message) => signReceipt(message, undefined, at, ports)),
    ...desk.refused.map(({ message, code }) => signReceipt(message, code, at, ports)),
  ]);
  const { events, files, search, filed, held } = desk;
  await store.file(batchId, {
    cases: await changedCases(desk, ports),
    events,
    files,
    search,
    receipts,
    filed,
    refused: desk.refused.map(({ message, thread }) => ({ message, thread })),
    held,
    threads: [...desk.touched].map((key) => digestOf(key)),
    alarms: [
      // A retired key is no fault of anybody: the sender seals anew.
      ...desk.refused
        .filter(({ code }) => code !== 'stale_key')
        .map(({ message, code }) => ({ kind: 'integrity_failure' as const, subject: message.id, code })),
      ...desk.alarms,
    ],
  });
  // fail-point R6: filed, not committed
}

async function changedCases(desk: Desk, ports: IngestPorts): Promise<StoredCase[]> {
  const cases = [...desk.cases.entries()]
    .filter(([key]) => desk.touched.has(key) || desk.frozen.has(key))
    .map(([, record]) => record);
  const stones = [...desk.tombstones.entries()].filter(([key]) => desk.touched.has(key)).map(([, stone]) => stone);
  return [
    ...cases.map((record) => closeCase(record, nextMarkOf(record, caseStateOf(record.summary.steps), ports))),
    ...(await Promise.all(stones.map(async (stone) => closeTombstone(stone, await ports.keys.storageKey(stone.unit))))),
  ];
}

async function signReceipt(
  message: WaitingMessage,
  code: Code | undefined,
  at: Date,
  ports: IngestPorts,
): Promise<StoredReceipt> {
  const receipt: Receipt = {
    id: ports.newId(),
    issuer: ports.self.node,
    audience: message.senderNode,
    messageId: message.id,
    event: code ? 'refused' : 'delivered',
    digest: message.digest,
    seq: 2,
    at,
    ...(code && { code: wireCodeOf(code) }),
  };
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { ...receipt, senderNode: message.senderNode, token, issuedAt: at };
}

const seqOf = (item: Read) => ('opened' in item ? item.opened.message.header.seq : 0);
const nameOf = ({ senderNode, id }: Pick<WaitingMessage, 'senderNode' | 'id'>) => `${senderNode} ${id}`;
