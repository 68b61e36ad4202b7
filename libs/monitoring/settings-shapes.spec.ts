import { ALERT_SETTINGS, settingOf, targetsOf, thresholdsOf } from '.';
import { THRESHOLDS } from './thresholds';

type Name = keyof typeof ALERT_SETTINGS;
const fault = (name: Name, value: unknown) => {
  const found = ALERT_SETTINGS[name].validate(value);
  return found && `${found.pointer} ${found.code}`.trim();
};

describe('every setting', () => {
  it.each(Object.entries(ALERT_SETTINGS))('%s has its own name and a default that is valid', (name, shape) => {
    expect(shape.name).toBe(name);
    expect(shape.validate(shape.default)).toBeUndefined();
  });

  it('takes two operators where it says who is told', () => {
    const security = Object.values(ALERT_SETTINGS).filter((shape) => shape.security);
    expect(security.map(({ name }) => name)).toEqual(['alert_mail_to', 'alert_webhooks']);
  });
});

describe('a list of targets', () => {
  it.each([
    ['alert_mail_to', ['ops@vn.example', 'duty+night@mail.vn.example'], undefined],
    ['alert_mail_to', 'ops@vn.example', 'wrong_type'],
    ['alert_mail_to', [7], '/0 wrong_type'],
    ['alert_mail_to', ['a@b.example', 'a@b.example'], '/1 entry_twice'],
    ['alert_mail_to', ['Ops <a@b.example>'], '/0 wrong_format'],
    ['alert_mail_to', ['a@b.example, c@d.example'], '/0 wrong_format'],
    ['alert_mail_to', ['a@b.example\r\nBcc: c@d.example'], '/0 wrong_format'],
    ['alert_mail_to', ['ops'], '/0 wrong_format'],
    ['alert_mail_to', [`${'a'.repeat(500)}@b`], '/0 too_long'],
    ['alert_mail_to', Array.from({ length: 11 }, (_one, i) => `a${i}@b.example`), 'too_many_entries'],
    ['alert_webhooks', ['https://hook.example/alerts?of=vn', 'http://10.1.2.3:8080/'], undefined],
    ['alert_webhooks', ['ftp://hook.example/'], '/0 wrong_format'],
    ['alert_webhooks', ['https://'], '/0 wrong_format'],
    ['alert_webhooks', ['https://me@hook.example/'], '/0 wrong_format'],
    ['alert_webhooks', ['https://:x@hook.example/'], '/0 wrong_format'],
    ['alert_webhooks', ['https://hook.example/#x'], '/0 wrong_format'],
    ['alert_webhooks', ['https://hook.example/a b'], '/0 wrong_format'],
    ['alert_webhooks', ['https://hook.example:99999/'], '/0 wrong_format'],
  ] as const)('%s of %j', (name, value, found) => expect(fault(name, value)).toBe(found));
});

describe('a number', () => {
  it.each([
    [1, undefined],
    [60, undefined],
    [0, 'too_small'],
    [61, 'too_big'],
    [1.5, 'wrong_type'],
    ['15', 'wrong_type'],
  ])('of minutes as %j', (value, found) => expect(fault('alert_unsent_warn_minutes', value)).toBe(found));
});

it('the language is one of two', () => {
  expect(['en', 'vi', 'fr', 7].map((value) => fault('alert_language', value))).toEqual([
    undefined,
    undefined,
    'code_not_listed',
    'code_not_listed',
  ]);
});

describe('what holds', () => {
  it('is the default where nothing is set', () => {
    expect(thresholdsOf(new Map())).toEqual(THRESHOLDS);
    expect(targetsOf(new Map())).toEqual({ mail: [], webhook: [], language: 'en' });
  });

  it('is what is set, in the units of those who ask', () => {
    const values = new Map<string, unknown>([
      ['alert_unsent_warn_minutes', 5],
      ['alert_disk_free_percent', 10],
      ['alert_clock_skew_seconds', 60],
      ['alert_backup_hours', 2],
      ['alert_mail_to', ['ops@vn.example']],
      ['alert_language', 'vi'],
    ]);
    expect(thresholdsOf(values)).toEqual({
      ...THRESHOLDS,
      unsentWarnMs: 300_000,
      diskFree: 0.1,
      clockSkewMs: 60_000,
      backupMs: 7_200_000,
    });
    expect(targetsOf(values)).toEqual({ mail: ['ops@vn.example'], webhook: [], language: 'vi' });
  });

  it('is the default where what is kept is not valid any more', () => {
    expect(settingOf('alert_disk_free_percent', new Map([['alert_disk_free_percent', 900]]))).toBe(20);
  });
});
