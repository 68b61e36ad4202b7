import { asTraoError } from '../errors';
import { verifyFile, type FileState, type Scan } from '../attachments';
import {
  keyOfFile,
  openStoredFile,
  stateAfterScan,
  type AlarmKind,
  type Clock,
  type StorageKeys,
  type StoredFile,
} from '../casework';
import type { Alarm } from './ports';
import type { ClaimedFile } from './push-files';

export interface JudgeFileStore {
  /** Claims a file that has come whole, or one that waits for the scanner; due again by itself when nobody finishes it. */
  claim(withQuarantine: boolean): Promise<ClaimedFile | undefined>;
  /** The sealed piece that begins at `start`, wherever it is now. */
  piece(file: StoredFile, start: number): Promise<Uint8Array | undefined>;
  /** Writes what the file is, with its alarm; its pieces go to the file, or nowhere when it cannot be used. */
  judge(file: StoredFile, state: FileState, alarms: readonly Alarm[]): Promise<void>;
  release(file: StoredFile, retryAt: Date): Promise<void>;
}

export interface JudgePorts {
  readonly keys: StorageKeys;
  readonly store: JudgeFileStore;
  readonly clock: Clock;
  readonly scan: Scan;
  /** False where no scanner is set up: what waits for one is left alone. */
  readonly hasScanner: boolean;
}

/** How long until a scanner that did not answer is asked again. */
const SCAN_PAUSE_MS = 30_000;

const ALARMS: Partial<Readonly<Record<FileState, AlarmKind>>> = { damaged: 'file_damaged', infected: 'file_infected' };

/**
 * Looks at one file that has come from a partner, or waits for the scanner: it is held against the signed message, chunk by chunk, then
 * shown to the scanner. Nothing is given to an officer before both agree.
 * @returns 1 when it judged one, 0 when there is none; call again until it is 0
 */
export async function judgeFiles(ports: JudgePorts): Promise<number> {
  const { store } = ports;
  const claimed = await store.claim(ports.hasScanner);
  if (!claimed) return 0;
  const { file } = claimed;
  const state = await stateOf(file, ports);
  if (state === file.state) {
    await store.release(file, new Date(ports.clock.now().getTime() + SCAN_PAUSE_MS));
    return 1;
  }
  const kind = ALARMS[state];
  await store.judge(file, state, kind ? [{ kind, subject: file.id }] : []);
  return 1;
}

async function stateOf(file: StoredFile, ports: JudgePorts): Promise<FileState> {
  const storageKey = await ports.keys.storageKey(file.unit);
  try {
    const opened = openStoredFile(file, storageKey);
    const { facts } = opened;
    const key = keyOfFile(opened);
    if (file.state === 'awaiting')
      await verifyFile(key, { sha256: facts.sha256!, mime: facts.mime }, pieces(file, ports));
    return await stateAfterScan(key, pieces(file, ports), ports.scan);
  } catch (error) {
    const { code } = asTraoError(error);
    if (code === 'file_damaged' || code === 'case_unreadable') return 'damaged';
    throw error;
  }
}

async function* pieces(file: StoredFile, { store }: JudgePorts): AsyncIterable<Uint8Array> {
  for (let start = 0; ;) {
    const piece = await store.piece(file, start);
    if (!piece) return;
    yield piece;
    start += piece.length;
  }
}
