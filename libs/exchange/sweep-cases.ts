import { passedMarks } from '../deadlines';
import { caseStateOf } from '../lifecycle';
import { withoutExpired } from '../protection';
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
import type { AlarmKind, Clock, RaiseAlarm, StorageKeys } from './ports';
import { isErased } from './tombstone';

export interface SweepStore {
  /** Cases of all units whose next mark has come, locked until the commit; those that others hold are left out. */
  lockDueCases(now: Date, limit: number): Promise<StoredCase[]>;
  /** The stored messages with these ids in a case. */
  events(unit: string, referralId: string, messageIds: readonly string[]): Promise<StoredCaseEvent[]>;
  /** Writes cases; replaces the originals of events that were redacted, and forgets the sealed copies of their messages. */
  save(cases: readonly StoredCase[], redacted: readonly StoredCaseEvent[]): Promise<void>;
}

export interface SweepPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly raiseAlarm: RaiseAlarm;
  readonly transaction: <T>(work: (store: SweepStore) => Promise<T>) => Promise<T>;
}

const CASES_AT_ONCE = 50;

interface Swept {
  readonly record: OpenCase;
  readonly redacted: readonly StoredCaseEvent[];
  readonly alarms: readonly { readonly kind: AlarmKind; readonly messageId: string }[];
}

/**
 * Looks at the cases in which a time has come: raises what passed unanswered, each mark once, also after a restart; erases
 * precise places after seven days. Nothing is ever deleted for being unanswered.
 * @returns how many cases were looked at
 */
export async function sweepCases(ports: SweepPorts): Promise<number> {
  const swept = await ports.transaction(async (store) => {
    const due = (await store.lockDueCases(ports.clock.now(), CASES_AT_ONCE)).filter((stored) => !isErased(stored));
    const results: Swept[] = [];
    for (const stored of due) results.push(await sweep(stored, store, ports));
    const cases = results.map(({ record }) =>
      closeCase(record, nextMarkOf(record, caseStateOf(record.summary.steps), ports)),
    );
    await store.save(
      cases,
      results.flatMap(({ redacted }) => redacted),
    );
    return results;
  });
  for (const { kind, messageId } of swept.flatMap(({ alarms }) => alarms)) await ports.raiseAlarm(kind, messageId);
  return swept.length;
}

async function sweep(stored: StoredCase, store: SweepStore, ports: SweepPorts): Promise<Swept> {
  const record = openCase(stored, await ports.keys.storageKey(stored.unit));
  const now = ports.clock.now();
  const { summary } = record;
  const state = caseStateOf(summary.steps);
  const passed = passedMarks(dutiesIn(record, state, ports), now, new Set(summary.local.raised));
  const { redacted, marks } = await erasePlaces(record, store, now);
  const raised = [...summary.local.raised, ...passed.map(({ id }) => id), ...marks];
  return {
    record: { ...record, summary: { ...summary, local: { ...summary.local, raised } } },
    redacted,
    // Operators see that a message is overdue, never which step of a person's journey it is.
    alarms: passed.map(({ duty, kind }) => ({
      kind: kind === 'escalation' ? 'no_acknowledgement' : 'deadline_passed',
      messageId: duty.stepId,
    })),
  };
}

async function erasePlaces(record: OpenCase, store: SweepStore, now: Date) {
  const { unit, referralId } = record;
  const ids = preciseSteps(record).map(({ id }) => id);
  const events = ids.length === 0 ? [] : await store.events(unit, referralId, ids);
  const redacted = events.flatMap((event) => {
    const message = readEvent(record, event);
    const kept = withoutExpired(message, now);
    return kept === message ? [] : [redactEvent(record, event, kept)];
  });
  return { redacted, marks: redacted.map(({ messageId }) => placeMark(messageId)) };
}
