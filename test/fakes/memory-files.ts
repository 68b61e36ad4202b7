import type { CaseFileStore, FileStore, StoredFile } from '../../libs/casework';
import type { AcceptPieceStore, ClaimedFile, JudgeFileStore, PushStore, RaiseAlarm } from '../../libs/exchange';
import type { ManualClock } from './manual-clock';
import { draftStore, readStore } from './memory-cases';
import { insertReceipts, type FileRow, type MemoryTables } from './memory-tables';
import { circuitStore } from './memory-work';

/** The stores of files over tables in memory. Those of one unit work inside a transaction of their caller; the others are one each. */

const CLAIM_MS = 120_000;
const ORDER = (a: FileRow, b: FileRow) => a.file.id.localeCompare(b.file.id);

const fileKey = ({ unit, id }: Pick<StoredFile, 'unit' | 'id'>) => `${unit} ${id}`;
const pieceKey = (holder: string, id: string, start: number) => `${holder} ${id} ${start}`;

const pieceOf = (tables: MemoryTables, holder: string, id: string, start: number) =>
  tables.pieces.get(pieceKey(holder, id, start));

function dropPieces(tables: MemoryTables, holder: string, id: string): Map<number, Uint8Array> {
  const dropped = new Map<number, Uint8Array>();
  for (const [key, sealed] of tables.pieces) {
    const [owner, file, start] = key.split(' ') as [string, string, string];
    if (owner !== holder || file !== id) continue;
    dropped.set(Number(start), sealed);
    tables.pieces.delete(key);
  }
  return dropped;
}

export function fileStore(tables: MemoryTables, unit: string): FileStore {
  const { lockDraft, saveDraft } = draftStore(tables, unit);
  const own = (asked: string) => asked === unit;
  return {
    lockDraft,
    saveDraft,
    lockFile: (asked, id) =>
      Promise.resolve(own(asked) ? tables.files.get(fileKey({ unit: asked, id }))?.file : undefined),
    filesOfDraft(asked, draftId) {
      const rows = [...tables.files.values()].filter(({ file }) => file.unit === unit && file.draftId === draftId);
      return Promise.resolve(own(asked) ? rows.toSorted(ORDER).map(({ file }) => file) : []);
    },
    saveFile(file) {
      if (!own(file.unit)) throw new Error('row-level security');
      const known = tables.files.get(fileKey(file));
      tables.files.set(fileKey(file), { attempts: 0, dueAt: new Date(0), ...known, file });
      return Promise.resolve();
    },
    dropFile(asked, id) {
      if (own(asked)) {
        tables.files.delete(fileKey({ unit, id }));
        dropPieces(tables, unit, id);
      }
      return Promise.resolve();
    },
    addPiece(asked, id, start, sealed) {
      if (!own(asked)) throw new Error('row-level security');
      tables.pieces.set(pieceKey(asked, id, start), sealed);
      return Promise.resolve();
    },
    piece: (asked, id, start) => Promise.resolve(own(asked) ? pieceOf(tables, asked, id, start) : undefined),
  };
}

export function caseFileStore(tables: MemoryTables, unit: string): CaseFileStore {
  const store = fileStore(tables, unit);
  return {
    case: readStore(tables, unit).case,
    file: store.lockFile,
    piece: store.piece,
    filesOfCase(asked, referralId) {
      const rows = [...tables.files.values()].filter(
        ({ file }) => file.unit === asked && file.referralId === referralId,
      );
      return Promise.resolve(asked === unit ? rows.toSorted(ORDER).map(({ file }) => file) : []);
    },
  };
}

/** The complete files of a draft go into a case; the rest of it is gone with the draft. */
export function moveFiles(
  tables: MemoryTables,
  draftId: string,
  { unit, referralId, messageId }: { readonly unit: string; readonly referralId: string; readonly messageId: string },
  recipientNode: string,
): void {
  for (const [key, row] of tables.files) {
    const { draftId: of, ...file } = row.file;
    if (file.unit !== unit || of !== draftId || file.state === 'uploading') continue;
    const delivery = file.use === 'send' ? 'waiting' : 'none';
    tables.files.set(key, { ...row, recipientNode, file: { ...file, referralId, messageId, delivery } });
  }
}

function claim(tables: MemoryTables, clock: ManualClock, wanted: (row: FileRow) => boolean): ClaimedFile | undefined {
  const found = [...tables.files.entries()].find(([, row]) => row.dueAt <= clock.now() && wanted(row));
  if (!found) return undefined;
  const [key, row] = found;
  const attempts = row.attempts + 1;
  tables.files.set(key, { ...row, attempts, dueAt: new Date(clock.now().getTime() + CLAIM_MS) });
  return { file: row.file, attempts };
}

const ARRIVED = ['received', 'delivered', 'opened'];
const LOST = ['expired', 'undeliverable', 'refused'];

export function pushStore(tables: MemoryTables, clock: ManualClock): PushStore {
  const stateOf = ({ file }: FileRow) => tables.outbox.get(file.messageId ?? '')?.state ?? '';
  const sendable = ({ file: { delivery, state } }: FileRow) =>
    delivery !== 'none' && delivery !== 'received' && state === 'clean';
  return {
    circuit: circuitStore(tables).circuit,
    claim: (partner) =>
      tables.atomically(() =>
        claim(tables, clock, (row) => row.recipientNode === partner && sendable(row) && ARRIVED.includes(stateOf(row))),
      ),
    piece: ({ unit, id }, start) => Promise.resolve(pieceOf(tables, unit, id, start)),
    renew: () => Promise.resolve(),
    release: (file, dueAt, progress) =>
      tables.atomically(() => {
        const row = tables.files.get(fileKey(file))!;
        tables.files.set(fileKey(file), { ...row, dueAt, attempts: progress ? 0 : row.attempts });
      }),
    received: (file, receipt) =>
      tables.atomically(() => {
        const row = tables.files.get(fileKey(file))!;
        tables.files.set(fileKey(file), { ...row, file: { ...row.file, delivery: 'received' } });
        insertReceipts(tables, [receipt], 'obtained', clock.now());
      }),
    withholdLost: () =>
      tables.atomically(() => {
        for (const [key, row] of tables.files) {
          if (row.file.delivery !== 'waiting' || !LOST.includes(stateOf(row))) continue;
          tables.files.set(key, { ...row, file: { ...row.file, delivery: 'withheld' } });
        }
      }),
  };
}

const incomingKey = (senderNode: string, id: string) => `node:${senderNode} ${id}`;

export function acceptPieceStore(tables: MemoryTables): AcceptPieceStore {
  return {
    incoming(senderNode, id) {
      const row = tables.incoming.get(incomingKey(senderNode, id));
      return Promise.resolve(row && { total: row.total, held: row.held, ...(row.receipt && { receipt: row.receipt }) });
    },
    piece: (senderNode, id, start) => Promise.resolve(pieceOf(tables, `node:${senderNode}`, id, start)),
    load(senderNode) {
      const rows = [...tables.incoming.entries()].filter(
        ([key, { state }]) => key.startsWith(`node:${senderNode} `) && state !== 'taken',
      );
      return Promise.resolve({ files: rows.length, bytes: rows.reduce((sum, [, { total }]) => sum + total, 0) });
    },
    append: ({ senderNode, id, start, total, sealed }) =>
      tables.atomically(() => {
        const key = incomingKey(senderNode, id);
        const row = tables.incoming.get(key) ?? { total, held: 0, state: 'open' as const };
        if (row.held !== start || row.total !== total) return false;
        tables.incoming.set(key, { ...row, held: start + sealed.length });
        tables.pieces.set(pieceKey(`node:${senderNode}`, id, start), sealed);
        return true;
      }),
    complete: (senderNode, id, _digest, receipt) =>
      tables.atomically(() => {
        const key = incomingKey(senderNode, id);
        const row = tables.incoming.get(key)!;
        tables.incoming.set(key, { receipt, ...row, state: row.state === 'open' ? 'complete' : row.state });
        return row.receipt ?? receipt;
      }),
  };
}

export function judgeFileStore(tables: MemoryTables, clock: ManualClock, raiseAlarm: RaiseAlarm): JudgeFileStore {
  const holderOf = ({ state, senderNode, unit }: StoredFile) => (state === 'awaiting' ? `node:${senderNode}` : unit);
  return {
    claim: (withQuarantine) =>
      tables.atomically(() =>
        claim(tables, clock, ({ file }) => {
          if (file.state === 'quarantined') return withQuarantine;
          const here = tables.incoming.get(incomingKey(file.senderNode ?? '', file.id));
          return file.state === 'awaiting' && here?.state === 'complete';
        }),
      ),
    piece: (file, start) => Promise.resolve(pieceOf(tables, holderOf(file), file.id, start)),
    judge: (file, state, alarms) =>
      tables.atomically(async () => {
        for (const { kind, subject } of alarms) await raiseAlarm(kind, subject);
        const row = tables.files.get(fileKey(file))!;
        const pieces = dropPieces(tables, holderOf(file), file.id);
        const kept = state === 'clean' || state === 'quarantined';
        if (kept) for (const [start, sealed] of pieces) tables.pieces.set(pieceKey(file.unit, file.id, start), sealed);
        tables.files.set(fileKey(file), { ...row, attempts: 0, dueAt: clock.now(), file: { ...row.file, state } });
        const key = incomingKey(file.senderNode ?? '', file.id);
        const incoming = tables.incoming.get(key);
        if (incoming) tables.incoming.set(key, { ...incoming, state: 'taken' });
      }),
    release: (file, dueAt) =>
      tables.atomically(() => {
        tables.files.set(fileKey(file), { ...tables.files.get(fileKey(file))!, dueAt });
      }),
  };
}
