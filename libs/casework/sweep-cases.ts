import { asTraoError } from '../errors';
import { passedMarks } from '../deadlines';
import { caseStateOf } from '../lifecycle';
import { precisePlaceExpiresAt, withoutExpired } from '../protection';
import { dutiesIn, nextMarkOf, placeMark, preciseSteps, type DeadlinePorts } from './case-deadlines';
import {
  closeCase,
  openCase,
  readEvent,
  redactEvent,
  type OpenCase,
  type StoredCase,
  type StoredCaseEvent,
} from './case-record';
import type { AlarmKind, Clock, StorageKeys } from './ports';
import { isErased } from './tombstone';

export interface SweepStore {
  /** Cases of all units whose next mark has come, locked until the commit; those that others hold are left out. */
  lockDueCases(now: Date, limit: number): Promise<StoredCase[]>;
  /** The stored messages with these ids in a case. */
  events(unit: string, referralId: string, messageIds: readonly string[]): Promise<StoredCaseEvent[]>;
  /**
   * Writes cases and alarms together, so that each mark is raised exactly once; replaces the originals of events that were
   * redacted, and forgets the sealed copies of their messages.
   */
  save(swept: {
    readonly cases: readonly StoredCase[];
    readonly redacted: readonly StoredCaseEvent[];
    readonly alarms: readonly CaseAlarm[];
  }): Promise<void>;
}

/** An alarm about a case. Operators see a message that is overdue, never which step of a person's journey it is. */
export interface CaseAlarm {
  readonly kind: AlarmKind;
  /** A message id; of a case that does not open, the referral's. */
  readonly subject: string;
}

export interface SweepPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly transaction: <T>(work: (store: SweepStore) => Promise<T>) => Promise<T>;
}

const CASES_AT_ONCE = 50;
/** A case that does not open is looked at again after this time, so that it does not hold up the others. */
const UNREADABLE_PAUSE_MS = 3_600_000;

interface Swept {
  readonly stored: StoredCase;
  readonly redacted: readonly StoredCaseEvent[];
  readonly alarms: readonly CaseAlarm[];
}

/**
 * Looks at the cases in which a time has come: raises what passed unanswered, each mark once, also after a restart; erases
 * precise places after seven days. Nothing is ever deleted for being unanswered.
 * @returns how many cases were looked at
 */
export async function sweepCases(ports: SweepPorts): Promise<number> {
  return ports.transaction(async (store) => {
    const due = (await store.lockDueCases(ports.clock.now(), CASES_AT_ONCE)).filter((stored) => !isErased(stored));
    const swept: Swept[] = [];
    for (const stored of due) swept.push(await sweep(stored, store, ports));
    if (swept.length > 0) {
      await store.save({
        cases: swept.map(({ stored }) => stored),
        redacted: swept.flatMap(({ redacted }) => redacted),
        alarms: swept.flatMap(({ alarms }) => alarms),
      });
    }
    return swept.length;
  });
}

async function sweep(stored: StoredCase, store: SweepStore, ports: SweepPorts): Promise<Swept> {
  try {
    return await look(openCase(stored, await ports.keys.storageKey(stored.unit)), store, ports);
  } catch (error) {
    // Only what stops everything stops the sweep; a row that was changed or a key that is missing is an alarm, and no reason
    // to leave other people's cases alone.
    if (asTraoError(error).code === 'database_unavailable') throw error;
    const again = new Date(ports.clock.now().getTime() + UNREADABLE_PAUSE_MS);
    return {
      stored: { ...stored, nextMarkAt: again },
      redacted: [],
      alarms: [{ kind: 'integrity_failure', subject: stored.referralId }],
    };
  }
}

async function look(record: OpenCase, store: SweepStore, ports: SweepPorts): Promise<Swept> {
  const now = ports.clock.now();
  const { summary } = record;
  const state = caseStateOf(summary.steps);
  const passed = passedMarks(dutiesIn(record, state, ports), now, new Set(summary.local.raised));
  const { redacted, marks } = await erasePlaces(record, store, now);
  const raised = [...summary.local.raised, ...passed.map(({ id }) => id), ...marks];
  const changed = { ...record, summary: { ...summary, local: { ...summary.local, raised } } };
  return {
    stored: closeCase(changed, nextMarkOf(changed, state, ports)),
    redacted,
    alarms: passed.map(({ duty, kind }) => ({
      kind: kind === 'escalation' ? 'no_acknowledgement' : 'deadline_passed',
      subject: duty.stepId,
    })),
  };
}

async function erasePlaces(record: OpenCase, store: SweepStore, now: Date) {
  const ids = preciseSteps(record)
    .filter(({ at }) => precisePlaceExpiresAt(at) <= now)
    .map(({ id }) => id);
  const events = ids.length === 0 ? [] : await store.events(record.unit, record.referralId, ids);
  const redacted = events.map((event) => redactEvent(record, event, withoutExpired(readEvent(record, event), now)));
  return { redacted, marks: ids.map(placeMark) };
}
