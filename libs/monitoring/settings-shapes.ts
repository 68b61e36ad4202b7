import { faultAt, type Bilingual, type Fault } from '../errors';
import { THRESHOLDS, type Thresholds } from './thresholds';

/** A setting that operators change at the monitor, and what it may be. */
export interface SettingShape {
  readonly name: string;
  /** What holds until somebody sets it. */
  readonly default: unknown;
  /** A second operator has to agree: who could change it alone could make the node fall silent. */
  readonly security: boolean;
  /** The first fault of a value; undefined when it can be set. */
  readonly validate: (value: unknown) => Fault | undefined;
}

const MAX_TARGETS = 10;
const MAX_LENGTH = 500;
/** What mail servers take, and nothing that could become a second recipient or a header. */
const ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

const A_LIST: Bilingual = { en: 'a list', vi: 'một danh sách' };
const A_TEXT: Bilingual = { en: 'a text', vi: 'một văn bản' };
const A_WHOLE_NUMBER: Bilingual = { en: 'a whole number', vi: 'một số nguyên' };
const A_MAIL_ADDRESS: Bilingual = { en: 'mail address', vi: 'địa chỉ thư điện tử' };
const A_WEB_ADDRESS: Bilingual = {
  en: 'address of HTTPS without user, password and fragment',
  vi: 'địa chỉ HTTPS không có người dùng, mật khẩu và phần neo',
};

function list(item: (value: string) => boolean, what: Bilingual): SettingShape['validate'] {
  return (value) => {
    if (!Array.isArray(value)) return faultAt('', 'wrong_type', A_LIST);
    if (value.length > MAX_TARGETS) return faultAt('', 'too_many_entries', MAX_TARGETS);
    for (const [index, one] of (value as unknown[]).entries()) {
      const at = `/${index}`;
      if (typeof one !== 'string') return faultAt(at, 'wrong_type', A_TEXT);
      if (one.length > MAX_LENGTH) return faultAt(at, 'too_long', MAX_LENGTH);
      if (!item(one)) return faultAt(at, 'wrong_format', what);
      if (value.indexOf(one) !== index) return faultAt(at, 'entry_twice');
    }
    return undefined;
  };
}

/** `http` goes to configured ranges only, which the door to webhooks checks: here an address is looked at as a text. */
function isTarget(text: string): boolean {
  if (!/^https?:\/\/[\x21-\x7E]+$/.test(text) || !URL.canParse(text)) return false;
  const { username, password, hash, hostname } = new URL(text);
  return username === '' && password === '' && hash === '' && hostname !== '';
}

const number =
  (least: number, most: number): SettingShape['validate'] =>
  (value) => {
    if (!Number.isInteger(value)) return faultAt('', 'wrong_type', A_WHOLE_NUMBER);
    if ((value as number) < least) return faultAt('', 'too_small', least);
    return (value as number) > most ? faultAt('', 'too_big', most) : undefined;
  };

const language: SettingShape['validate'] = (value) =>
  value === 'en' || value === 'vi' ? undefined : faultAt('', 'code_not_listed');

const shape = (name: string, value: unknown, security: boolean, validate: SettingShape['validate']): SettingShape => ({
  name,
  default: value,
  security,
  validate,
});

/**
 * The settings of alerts. Where alerts go takes two operators. Numbers take one, because their bounds leave no way to silence: units
 * are in the names.
 */
export const ALERT_SETTINGS = {
  alert_mail_to: shape(
    'alert_mail_to',
    [],
    true,
    list((text) => ADDRESS.test(text), A_MAIL_ADDRESS),
  ),
  alert_webhooks: shape('alert_webhooks', [], true, list(isTarget, A_WEB_ADDRESS)),
  alert_language: shape('alert_language', 'en', false, language),
  alert_unsent_warn_minutes: shape('alert_unsent_warn_minutes', THRESHOLDS.unsentWarnMs / 60_000, false, number(1, 60)),
  alert_unsent_high_minutes: shape(
    'alert_unsent_high_minutes',
    THRESHOLDS.unsentHighMs / 60_000,
    false,
    number(5, 480),
  ),
  alert_emergency_minutes: shape('alert_emergency_minutes', THRESHOLDS.emergencyMs / 60_000, false, number(1, 30)),
  alert_clock_skew_seconds: shape('alert_clock_skew_seconds', THRESHOLDS.clockSkewMs / 1000, false, number(5, 120)),
  alert_disk_free_percent: shape('alert_disk_free_percent', THRESHOLDS.diskFree * 100, false, number(5, 50)),
  alert_sign_in_failures: shape('alert_sign_in_failures', THRESHOLDS.signInFailures, false, number(3, 100)),
  alert_backup_hours: shape('alert_backup_hours', THRESHOLDS.backupMs / 3_600_000, false, number(1, 168)),
} as const satisfies Record<string, SettingShape>;

/** Values by name, as they are kept. */
export type SettingValues = ReadonlyMap<string, unknown>;

/** What holds for a setting. A kept value that is not valid (any more) does not count: the default does. */
export function settingOf(name: keyof typeof ALERT_SETTINGS, values: SettingValues): unknown {
  const { validate, default: otherwise } = ALERT_SETTINGS[name];
  return values.has(name) && validate(values.get(name)) === undefined ? values.get(name) : otherwise;
}

/** Where alerts go, and in which language. */
export function targetsOf(values: SettingValues): {
  readonly mail: readonly string[];
  readonly webhook: readonly string[];
  readonly language: 'en' | 'vi';
} {
  return {
    mail: settingOf('alert_mail_to', values) as string[],
    webhook: settingOf('alert_webhooks', values) as string[],
    language: settingOf('alert_language', values) as 'en' | 'vi',
  };
}

export function thresholdsOf(values: SettingValues): Thresholds {
  const of = (name: keyof typeof ALERT_SETTINGS) => settingOf(name, values) as number;
  return {
    unsentWarnMs: of('alert_unsent_warn_minutes') * 60_000,
    unsentHighMs: of('alert_unsent_high_minutes') * 60_000,
    emergencyMs: of('alert_emergency_minutes') * 60_000,
    clockSkewMs: of('alert_clock_skew_seconds') * 1000,
    diskFree: of('alert_disk_free_percent') / 100,
    signInFailures: of('alert_sign_in_failures'),
    backupMs: of('alert_backup_hours') * 3_600_000,
  };
}
