import { digestOf } from '../envelope';
import { caseStateOf } from '../lifecycle';
import { dutiesIn, isErased, openCase, prepare, readableDraft } from '../casework';
import type {
  Actor,
  CaseSource,
  DeadlinePorts,
  Draft,
  OpenCase,
  PreparePorts,
  StoredCase,
  StoredDraft,
} from '../casework';
import { concernedBy, noticeDueAt, type NoticeEvent, type OfficerSettings } from './notice-rules';

/** A mail that an officer is to get. */
export interface Notice {
  readonly officer: string;
  readonly dueAt: Date;
  readonly urgent: boolean;
}

export interface NoticeStore extends Omit<CaseSource, 'lockCase'> {
  /**
   * Takes the unit until the commit and says since when to look, a little before the last look: what was committed late is found too.
   * The first look finds nothing of before. Undefined while another process looks.
   */
  beginLook(unit: string): Promise<{ readonly since: Date } | undefined>;
  /** Messages that were filed since then, with their cases; those whose name is known (`unseen`) may be left out. */
  filedSince(unit: string, since: Date): Promise<readonly FiledMessage[]>;
  cases(unit: string, referralIds: readonly string[]): Promise<StoredCase[]>;
  /** Messages of the unit that have come to nothing since then. */
  failedSince(unit: string, since: Date): Promise<readonly string[]>;
  draftsSince(unit: string, since: Date): Promise<StoredDraft[]>;
  /** Cases whose next deadline passes between two times, and those that were changed since a third and have one before the second. */
  casesDue(unit: string, from: Date, to: Date, changedSince: Date): Promise<StoredCase[]>;
  /** Of these names of events, those that were never asked about before; they are known from now on. */
  unseen(unit: string, names: readonly string[]): Promise<readonly string[]>;
  /** The officers who have signed in at least once, with when they were written to last. */
  readers(unit: string): Promise<readonly Reader[]>;
  /** Asks for mails; one that is asked for already comes at the earlier of the two times. */
  want(unit: string, notices: readonly Notice[]): Promise<void>;
}

export interface FiledMessage {
  readonly referralId: string;
  readonly messageId: string;
}

export interface Reader {
  readonly officer: string;
  readonly settings: OfficerSettings;
  readonly sentAt: Date | undefined;
}

export interface NoticePorts extends PreparePorts, DeadlinePorts {
  readonly transaction: <T>(unit: string, work: (store: NoticeStore) => Promise<T>) => Promise<T>;
}

/** Something that happened, and who can do something about it. */
interface Happening {
  readonly event: NoticeEvent;
  /** By what it is known not to be told twice: never stored as it is, because it would tell of a case. */
  readonly subject: string;
  readonly concerns: (officer: Actor) => boolean;
}

const NEAR_MS = 24 * 3_600_000;

/**
 * Looks at what happened in a unit since the last look and asks for mails to the officers who can act on it. Content is opened in
 * memory only; what is stored is who is to be written to, and digests by which nothing is told twice. All in one commit: a crash
 * forgets nothing, and several processes do not tell twice.
 * @param officers everybody who works for the unit
 * @returns how many events are new; 0 while another process looks
 */
export async function collectNotices(unit: string, officers: readonly Actor[], ports: NoticePorts): Promise<number> {
  const storageKey = await ports.keys.storageKey(unit);
  return ports.transaction(unit, async (store) => {
    const look = await store.beginLook(unit);
    if (!look) return 0;
    const happenings = [
      ...(await filed(unit, look.since, store, storageKey)),
      ...(await store.failedSince(unit, look.since)).map((id) => happening('delivery_failed', `failed ${id}`)),
      ...(await wanted(unit, look.since, store, storageKey, ports)),
      ...(await near(unit, look.since, store, storageKey, ports)),
    ];
    const unseen = new Set(await store.unseen(unit, [...new Set(happenings.map(nameOf))]));
    const fresh = happenings.filter((one) => unseen.has(nameOf(one)));
    if (fresh.length > 0)
      await store.want(unit, noticesFor(fresh, officers, await store.readers(unit), ports.clock.now()));
    return unseen.size;
  });
}

function noticesFor(
  happenings: readonly Happening[],
  officers: readonly Actor[],
  readers: readonly Reader[],
  now: Date,
): Notice[] {
  return readers.flatMap(({ officer, settings, sentAt }) => {
    const actor = officers.find(({ id }) => id === officer);
    if (!actor || settings.email === undefined) return [];
    const heard = happenings.filter(({ event, concerns }) => !settings.off.includes(event) && concerns(actor));
    if (heard.length === 0) return [];
    const urgent = heard.some(({ event }) => event === 'alert');
    return [{ officer, urgent, dueAt: noticeDueAt(settings, { urgent, now, sentAt }) }];
  });
}

function happening(event: Exclude<NoticeEvent, 'approval_wanted'>, subject: string): Happening {
  const roles = concernedBy(event);
  return { event, subject, concerns: (officer) => officer.roles.some((role) => roles.includes(role)) };
}

/** What an event is called where it is stored: it says neither what happened nor to whom. */
const nameOf = ({ subject }: Happening) => digestOf(subject);

async function filed(unit: string, since: Date, store: NoticeStore, storageKey: Uint8Array): Promise<Happening[]> {
  const messages = await store.filedSince(unit, since);
  const stored = await store.cases(unit, [...new Set(messages.map(({ referralId }) => referralId))]);
  const cases = new Map(stored.map((row) => [row.referralId, readable(row, storageKey)]));
  return messages.map(({ referralId, messageId }) => {
    const step = cases.get(referralId)?.summary.steps.find(({ id }) => id === messageId);
    // What cannot be read is news too: somebody has to look.
    const event = step?.type === 'alert' ? 'alert' : step?.type === 'referral' ? 'new_referral' : 'new_message';
    return happening(event, `filed ${messageId}`);
  });
}

/**
 * The unit's own deadlines that pass within a day, and those that follow another one within a day: a case is looked at when its next
 * deadline comes that near, whoever's it is, and not at every look.
 */
async function near(
  unit: string,
  since: Date,
  store: NoticeStore,
  storageKey: Uint8Array,
  ports: NoticePorts,
): Promise<Happening[]> {
  const now = ports.clock.now();
  const rows = await store.casesDue(unit, later(since, NEAR_MS), later(now, NEAR_MS), since);
  return rows.flatMap((row) => {
    const record = readable(row, storageKey);
    if (!record) return [];
    const until = later(now, 2 * NEAR_MS);
    return dutiesIn(record, caseStateOf(record.summary.steps), ports)
      .filter(({ by, due }) => by === record.summary.side && due > now && due <= until)
      .map(({ id, stepId }) => happening('deadline_near', `near ${id} ${stepId}`));
  });
}

const later = (at: Date, ms: number) => new Date(at.getTime() + ms);

/** The case in clear; undefined where there is nothing to read. */
function readable(row: StoredCase, storageKey: Uint8Array): OpenCase | undefined {
  try {
    return isErased(row) ? undefined : openCase(row, storageKey);
  } catch {
    return undefined; // the sweep raises the alarm
  }
}

/** Drafts in whose way nothing stands but somebody's yes. */
async function wanted(
  unit: string,
  since: Date,
  store: NoticeStore,
  storageKey: Uint8Array,
  ports: NoticePorts,
): Promise<Happening[]> {
  const found: Happening[] = [];
  for (const row of await store.draftsSince(unit, since)) {
    const draft = readableDraft(row, storageKey);
    const roles = draft && isReady(draft) ? await rolesWanted(unit, draft, store, ports) : [];
    if (!draft || roles.length === 0) continue;
    const voices = new Set([...draft.drafters, ...draft.approvals.map(({ by }) => by)]);
    const concerns = ({ id, roles: held }: Actor) => !voices.has(id) && held.some((role) => roles.includes(role));
    // A system asks nobody, and hands in again and again: whoever has to agree is told once a day at most.
    const when = draft.asked?.at ?? ports.clock.now().toISOString().slice(0, 10);
    found.push({ event: 'approval_wanted', subject: `wanted ${row.id} ${when}`, concerns });
  }
  return found;
}

/** Whether its writers are done: on the pages they say so, a system hands in what is finished. */
const isReady = ({ hold, progress, asked }: Draft) => !hold && (asked !== undefined || progress === undefined);

const WAITS: readonly string[] = ['approval_missing', 'cosigner_missing', 'approval_of_other_version'];

/** The roles that could still agree; none while anything else is missing. */
async function rolesWanted(
  unit: string,
  draft: Draft,
  store: NoticeStore,
  ports: NoticePorts,
): Promise<readonly string[]> {
  try {
    // Nothing is changed here, so nobody has to wait for it.
    const lockCase = async (_unit: string, referralId: string) => (await store.cases(unit, [referralId]))[0];
    const { needs, faults } = await prepare(unit, draft, { ...store, lockCase }, ports);
    if (faults.length === 0 || faults.some(({ code }) => !WAITS.includes(code))) return [];
    return needs.flatMap(({ roles }) => roles);
  } catch {
    return []; // unfinished: its officer is at work on it
  }
}
