import { asTraoError, TraoError } from '../errors';
import { readReceipt } from '../envelope';
import type { Clock, Self, StoredFile } from '../casework';
import type { IncomingFile, IncomingPiece } from './accept-piece';
import { isPartnerFault, RetryAfterError, type CircuitStore } from './circuit';
import type { RaiseAlarm, StoredReceipt } from './ports';
import { backoffMs, boundedRetryAfterMs } from './retry';

/** A file that a worker has claimed for a while. */
export interface ClaimedFile {
  readonly file: StoredFile;
  /** Tries since it last got on, this one included. */
  readonly attempts: number;
}

export interface PushStore extends Pick<CircuitStore, 'circuit'> {
  /** Claims a clean file whose message the partner has received; it is due again by itself when nobody finishes it. */
  claim(partner: string): Promise<ClaimedFile | undefined>;
  /** The sealed piece that begins at `start`. */
  piece(file: StoredFile, start: number): Promise<Uint8Array | undefined>;
  /** Holds on to a file whose transfer goes on. */
  renew(file: StoredFile): Promise<void>;
  /** Frees a file until `retryAt`; with progress its attempts count anew. */
  release(file: StoredFile, retryAt: Date, progress: boolean): Promise<void>;
  /** Notes that the partner has all of it, with the evidence. */
  received(file: StoredFile, receipt: StoredReceipt): Promise<void>;
  /** Marks the files whose message never arrived. */
  withholdLost(): Promise<void>;
}

/** The partner's gateway. @throws TraoError `partner_*`, `bad_answer` */
export interface FileLink {
  /** What the partner has of a file; undefined when it has nothing. */
  held(partner: string, id: string): Promise<IncomingFile | undefined>;
  put(partner: string, piece: Omit<IncomingPiece, 'senderNode'>): Promise<IncomingFile>;
}

export interface PushPorts {
  readonly self: Self;
  readonly store: PushStore;
  readonly link: FileLink;
  readonly clock: Clock;
  readonly random: () => number;
  readonly raiseAlarm: RaiseAlarm;
}

/** After so much of one file others have their turn. */
const STRETCH_BYTES = 4 * 1024 * 1024;
/** Tries in a row without getting on after which people have to look. */
const STUCK_AFTER = 20;

/**
 * Sends files on, one for each partner at a time and never before their message. Where a transfer broke off, the partner says how much
 * it has. A file that does not get on slows nothing but itself: it respects the partner's circuit and never opens it.
 * @returns how many files got on; call again until it is 0
 */
export async function pushFiles(ports: PushPorts): Promise<number> {
  await ports.store.withholdLost();
  const partners = ports.self.partners().partnersOf(ports.self.node);
  const moved = await Promise.all(partners.map(({ id }) => pushOne(id, ports)));
  return moved.filter(Boolean).length;
}

async function pushOne(partner: string, ports: PushPorts): Promise<boolean> {
  const { store, clock } = ports;
  // Whether a partner is back is found out with a message.
  if ((await store.circuit(partner)).retryAt !== undefined) return false;
  const claimed = await store.claim(partner);
  if (!claimed) return false;
  const { file, attempts } = claimed;
  try {
    const receipt = await stretch(partner, file, ports);
    if (receipt === undefined) await store.release(file, clock.now(), true);
    else await store.received(file, await verified(receipt, partner, file, ports));
    return true;
  } catch (error) {
    const fault = asTraoError(error);
    if (!isPartnerFault(fault)) throw error;
    if (attempts === STUCK_AFTER) await ports.raiseAlarm('file_stuck', file.id, fault.code);
    await store.release(file, new Date(clock.now().getTime() + pauseMs(fault, attempts, ports.random())), false);
    return false;
  }
}

function pauseMs(fault: TraoError, attempts: number, random: number): number {
  const wish = fault instanceof RetryAfterError ? fault.retryAfterMs : undefined;
  return wish === undefined ? backoffMs(attempts, random) : boundedRetryAfterMs(wish);
}

/** Sends pieces from where the partner is. Answers its receipt when it has all of them. */
async function stretch(partner: string, file: StoredFile, { store, link }: PushPorts): Promise<string | undefined> {
  const { id, sealedBytes: total } = file;
  let there = (await link.held(partner, id)) ?? { total, held: 0 };
  for (let sent = 0; there.receipt === undefined && sent < STRETCH_BYTES;) {
    // With all of it there and no receipt, the last piece asks for it.
    const start = there.held < total ? there.held : await lastStart(file, store);
    const sealed = await store.piece(file, start);
    if (!sealed) throw new TraoError('bad_answer', { detail: 'The partner cut the file elsewhere.' });
    there = await link.put(partner, { id, start, total, sealed });
    if (there.held < start + sealed.length) throw new TraoError('bad_answer', { detail: 'The partner went back.' });
    sent += sealed.length;
    await store.renew(file);
  }
  return there.receipt;
}

async function lastStart(file: StoredFile, store: PushStore): Promise<number> {
  for (let start = 0; ;) {
    const piece = await store.piece(file, start);
    if (!piece || start + piece.length >= file.sealedBytes) return start;
    start += piece.length;
  }
}

/** The partner's word that it has exactly these bytes. @throws TraoError `bad_answer` */
async function verified(token: string, partner: string, file: StoredFile, { self }: PushPorts): Promise<StoredReceipt> {
  const receipt = await readReceipt(token, (node, kid, at) => self.partners().receiptKey(node, kid, at)).catch(
    (cause: unknown) => {
      throw new TraoError('bad_answer', { cause });
    },
  );
  const { id, issuer, audience, messageId, event, digest, at } = receipt;
  const ours = issuer === partner && audience === self.node && messageId === file.id && event === 'received';
  if (!ours || digest !== file.sealedDigest)
    throw new TraoError('bad_answer', { detail: 'The receipt is of other bytes.' });
  return { id, messageId, senderNode: audience, issuer, event, digest, token, issuedAt: at };
}
