import type {
  Clock,
  DeadlinePorts,
  SearchEntry,
  Self,
  StorageKeys,
  StoredCase,
  StoredCaseEvent,
  StoredFile,
} from '../casework';
import type { WaitingMessage } from './open-waiting';
import type { Alarm, DecryptionKeys, RaiseAlarm, ReceiptKeys, StoredReceipt } from './ports';
import type { EarlierStore, PlaceInChain } from './waiting-for-earlier';

export interface CaseRef {
  readonly unit: string;
  readonly referralId: string;
}

/** What became of the messages of a batch, written in one commit. */
export interface Filing {
  readonly cases: readonly StoredCase[];
  readonly events: readonly StoredCaseEvent[];
  /** Files that the messages announce. */
  readonly files: readonly StoredFile[];
  readonly search: readonly SearchEntry[];
  readonly receipts: readonly StoredReceipt[];
  readonly filed: readonly WaitingMessage[];
  readonly refused: readonly Refused[];
  readonly held: readonly Held[];
  /** Referrals that went on, as `threadOf` names them: held messages of theirs are due at once. */
  readonly threads: readonly string[];
  readonly alarms: readonly Alarm[];
}

/** A message that was refused. Its sealed bytes stay until the case that it meant is erased. */
export interface Refused {
  readonly message: WaitingMessage;
  /** The referral, as `threadOf` names it; undefined when it did not open. */
  readonly thread: string | undefined;
}

/** A message that waits for an earlier one of its referral, or for the directory that lists its signer. Waiting is no failure: its attempts count anew. */
export interface Held {
  readonly message: WaitingMessage;
  /** Undefined when it waits for no earlier message. */
  readonly place: PlaceInChain | undefined;
  readonly retryAt: Date;
}

export interface IngestStore extends EarlierStore {
  /**
   * The messages of the batch that still wait, locked until the commit. A worker that stood still may find that its claim has run
   * out and that another one has filed them: a second verdict would contradict the first.
   */
  lockWaiting(batchId: string): Promise<Pick<WaitingMessage, 'senderNode' | 'id'>[]>;
  /** The cases, locked in a fixed order until the commit. Unknown ones are left out. */
  lockCases(refs: readonly CaseRef[]): Promise<StoredCase[]>;
  file(batchId: string, filing: Filing): Promise<void>;
}

export interface IngestPorts extends DeadlinePorts {
  readonly self: Self;
  readonly keys: DecryptionKeys & StorageKeys & ReceiptKeys;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly raiseAlarm: RaiseAlarm;
  /** The messages of a batch that still wait. Empty when another worker has taken the batch over. */
  readonly begin: (batchId: string) => Promise<WaitingMessage[]>;
  readonly transaction: <T>(work: (store: IngestStore) => Promise<T>) => Promise<T>;
}
