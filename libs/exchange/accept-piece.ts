import { createHash } from 'node:crypto';
import { TraoError } from '../errors';
import { CHUNK_BYTES, FILE_LIMITS, MAX_PIECE_BYTES, sealedLength, type FileLimits } from '../attachments';
import { issueReceipt } from '../envelope';
import type { Clock, Self } from '../casework';
import type { RaiseAlarm, ReceiptKeys } from './ports';

/** What is here of a file that a partner sends. */
export interface IncomingFile {
  /** Its length with all pieces, as the partner announced it. */
  readonly total: number;
  /** How much of it is here, from its beginning. */
  readonly held: number;
  /** The signed receipt for the whole, once it is here. */
  readonly receipt?: string;
}

/** Some bytes of a sealed file. */
export interface IncomingPiece {
  readonly senderNode: string;
  readonly id: string;
  readonly start: number;
  readonly total: number;
  readonly sealed: Uint8Array;
}

export interface AcceptPieceStore {
  incoming(senderNode: string, id: string): Promise<IncomingFile | undefined>;
  /** The piece that begins at `start`; undefined when none does. */
  piece(senderNode: string, id: string, start: number): Promise<Uint8Array | undefined>;
  /** How much a partner has here that no message has claimed. */
  load(senderNode: string): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Adds a piece in one commit; false when the file has gone on, or was announced otherwise, meanwhile. */
  append(piece: IncomingPiece): Promise<boolean>;
  /** Notes that the file is whole; answers the receipt that counts: that of whoever was first. */
  complete(senderNode: string, id: string, digest: string, receipt: string): Promise<string>;
}

export interface AcceptPiecePorts {
  readonly self: Self;
  readonly store: AcceptPieceStore;
  readonly keys: ReceiptKeys;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly raiseAlarm: RaiseAlarm;
  readonly limits?: FileLimits;
}

/** What one partner may leave here that no message has claimed: about a hundred messages with all their files. */
const MAX_WAITING_FILES = 1_000;
const MAX_WAITING_BYTES = 2 * 1024 ** 3;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What is here of a file of that partner. @throws TraoError `not_found` */
export async function incomingFile(senderNode: string, id: string, { store }: AcceptPiecePorts): Promise<IncomingFile> {
  const known = UUID_V7.test(id) ? await store.incoming(senderNode, id) : undefined;
  if (!known) throw new TraoError('not_found');
  return known;
}

/**
 * Takes in a piece of a sealed file: each behind the one before. The same bytes again change nothing; other bytes at their place are
 * kept off and alarmed. With the last piece comes the signed receipt. Nothing can be read here, and what the file belongs to
 * is not known here either: the message says it, to the worker.
 * @throws TraoError `bad_request`, `file_too_big`, `file_offset`, `file_conflict`, `overloaded` when the partner has too much here
 */
export async function acceptPiece(piece: IncomingPiece, ports: AcceptPiecePorts): Promise<IncomingFile> {
  const { senderNode, id, start, total, sealed } = piece;
  assertPossible(piece, ports.limits ?? FILE_LIMITS);
  const known = await ports.store.incoming(senderNode, id);
  if (known && known.total !== total) return conflict(piece, ports);
  if (known?.receipt !== undefined) return known;
  const held = known?.held ?? 0;
  if (start < held) {
    const before = await ports.store.piece(senderNode, id, start);
    if (!before) throw new TraoError('file_offset', { detail: `Next byte: ${held}.` });
    if (!Buffer.from(before).equals(sealed)) return conflict(piece, ports);
    return held === total ? whole(piece, ports) : { total, held };
  }
  if (!known) await assertRoom(senderNode, total, ports);
  if (start > held || !(await ports.store.append(piece))) {
    throw new TraoError('file_offset', { detail: `Next byte: ${held}.` });
  }
  const now = held + sealed.length;
  return now === total ? whole(piece, ports) : { total, held: now };
}

function assertPossible({ id, start, total, sealed }: IncomingPiece, { maxFileBytes }: FileLimits): void {
  const whole = [start, total].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!UUID_V7.test(id) || !whole || sealed.length === 0 || start + sealed.length > total) {
    throw new TraoError('bad_request', { detail: 'A piece has a file id, a place within the file, and bytes.' });
  }
  const smallestCut = Math.min(CHUNK_BYTES, 65_536);
  const most = sealedLength({ bytes: maxFileBytes, chunkBytes: smallestCut });
  if (total > most || sealed.length > MAX_PIECE_BYTES) throw new TraoError('file_too_big');
}

async function assertRoom(senderNode: string, total: number, { store }: AcceptPiecePorts): Promise<void> {
  const { files, bytes } = await store.load(senderNode);
  if (files >= MAX_WAITING_FILES || bytes + total > MAX_WAITING_BYTES) throw new TraoError('overloaded');
}

async function conflict({ id }: IncomingPiece, { raiseAlarm }: AcceptPiecePorts): Promise<never> {
  await raiseAlarm('id_reused', id, 'file_conflict');
  throw new TraoError('file_conflict');
}

/** Signs for what is stored, not for what went by. */
async function whole({ senderNode, id, total }: IncomingPiece, ports: AcceptPiecePorts): Promise<IncomingFile> {
  const hash = createHash('sha256');
  for (let start = 0; start < total;) {
    const piece = await ports.store.piece(senderNode, id, start);
    if (!piece) throw new TraoError('internal', { detail: 'A piece is missing.' });
    hash.update(piece);
    start += piece.length;
  }
  const digest = hash.digest('base64url');
  const at = ports.clock.now();
  const about = { issuer: ports.self.node, audience: senderNode, messageId: id };
  const receipt = { ...about, id: ports.newId(), event: 'received', digest, seq: 1, at } as const;
  const token = await issueReceipt(receipt, await ports.keys.receiptKey());
  return { total, held: total, receipt: await ports.store.complete(senderNode, id, digest, token) };
}
