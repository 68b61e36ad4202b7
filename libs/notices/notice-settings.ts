import type { Actor, Clock } from '../casework';
import { faultAt, TraoError, type Fault } from '../errors';
import type { Language } from '../text';
import { wallClock } from '../text';
import { NOTICE_EVENTS, type NoticeEvent, type OfficerSettings } from './notice-rules';

export interface SettingsStore {
  /** Undefined for somebody who has never signed in. */
  settings(unit: string, officer: string): Promise<OfficerSettings | undefined>;
  saveSettings(unit: string, officer: string, settings: OfficerSettings): Promise<void>;
}

export interface SettingsPorts {
  readonly clock: Clock;
  readonly transaction: <T>(unit: string, work: (store: SettingsStore) => Promise<T>) => Promise<T>;
}

/** What an identity provider says of somebody, and what holds where it says nothing. */
export interface KnownOfficer {
  readonly email: string | undefined;
  readonly language: Language;
  readonly timeZone: string;
}

/** What an officer can change. */
export interface WishedSettings {
  readonly language: string;
  readonly timeZone: string;
  readonly off: readonly string[];
  /** Both empty for no quiet hours. */
  readonly quietFrom: string;
  readonly quietTo: string;
}

const LANGUAGES: readonly string[] = ['en', 'vi'] satisfies Language[];
/** RFC 5321 takes more; what it takes beside this, no agency gives to its officers. It cannot break out of a header. */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** Notes at a sign-in where somebody is written to. What they have chosen stays. An address that is none is taken for none. */
export async function rememberOfficer(actor: Actor, known: KnownOfficer, ports: SettingsPorts): Promise<void> {
  const email = known.email !== undefined && ADDRESS.test(known.email) ? known.email : undefined;
  await ports.transaction(actor.unit, async (store) => {
    const before = await store.settings(actor.unit, actor.id);
    const { language, timeZone } = known;
    if (before && before.email === email) return;
    await store.saveSettings(actor.unit, actor.id, { ...(before ?? { language, timeZone, off: [] }), email });
  });
}

/** What an officer has chosen; by default they hear of everything, at any hour. */
export async function readSettings(actor: Actor, known: KnownOfficer, ports: SettingsPorts): Promise<OfficerSettings> {
  const { language, timeZone } = known;
  const settings = await ports.transaction(actor.unit, (store) => store.settings(actor.unit, actor.id));
  return settings ?? { language, timeZone, off: [] };
}

/**
 * Keeps what an officer has chosen. Where they are written to is the identity provider's to say.
 * @throws TraoError `bad_request`, naming the fields
 */
export async function saveSettings(
  actor: Actor,
  wished: WishedSettings,
  known: KnownOfficer,
  ports: SettingsPorts,
): Promise<void> {
  const faults = faultsOf(wished, ports.clock.now());
  if (faults.length > 0) throw new TraoError('bad_request', { faults });
  const { quietFrom, quietTo, timeZone } = wished;
  const chosen = {
    language: wished.language as Language,
    timeZone,
    off: wished.off as readonly NoticeEvent[],
    quiet: quietFrom === '' ? undefined : { from: quietFrom, to: quietTo },
  };
  await ports.transaction(actor.unit, async (store) => {
    const before = await store.settings(actor.unit, actor.id);
    await store.saveSettings(actor.unit, actor.id, { email: before?.email ?? known.email, ...chosen });
  });
}

function faultsOf({ language, timeZone, off, quietFrom, quietTo }: WishedSettings, now: Date): Fault[] {
  const none = quietFrom === '' && quietTo === '';
  const times = none ? [] : Object.entries({ quietFrom, quietTo });
  return [
    ...(LANGUAGES.includes(language) ? [] : [faultAt('/language', 'code_not_listed')]),
    ...(isZone(timeZone, now) ? [] : [faultAt('/timeZone', 'code_not_listed')]),
    ...(off.every((event) => (NOTICE_EVENTS as readonly string[]).includes(event))
      ? []
      : [faultAt('/off', 'code_not_listed')]),
    ...times.flatMap(([field, time]) => timeFaults(`/${field}`, time)),
    // Quiet from a time to the same time: never, or always? Nobody can mean always.
    ...(!none && quietFrom === quietTo ? [faultAt('/quietTo', 'not_allowed')] : []),
  ];
}

function timeFaults(pointer: string, time: string): Fault[] {
  if (time === '') return [faultAt(pointer, 'required')];
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time) ? [] : [faultAt(pointer, 'wrong_format', 'HH:mm')];
}

function isZone(name: string, now: Date): boolean {
  try {
    wallClock(now, name);
    return /^[A-Z]/.test(name); // an offset such as +07:00 knows no summer
  } catch {
    return false;
  }
}
