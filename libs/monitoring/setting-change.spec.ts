import { faultAt, TraoError } from '../errors';
import type { OperatorRole } from './operator-roles';
import {
  assertMayConfirm,
  assertMayWithdraw,
  mayPropose,
  maySet,
  sameValue,
  settingShape,
  SETTINGS,
  typedAs,
  typedOf,
  valueTyped,
} from './setting-change';

const operator = (id: string, ...roles: OperatorRole[]) => ({ id, roles });
const ACTING = operator('a', 'operator_read', 'operator_act');
const KEYS = operator('k', 'operator_read', 'key_officer');
const WATCHING = operator('w', 'operator_read');

describe('settings that operators change', () => {
  it('are found by their names, and nothing else is', () => {
    for (const shape of SETTINGS) expect(settingShape(shape.name)).toBe(shape);
    expect(() => settingShape('constructor')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('take their own default as people type it', () => {
    for (const shape of SETTINGS) expect(valueTyped(shape, typedOf(shape.default))).toEqual(shape.default);
  });

  it('are typed by line, as digits or as a word', () => {
    expect(typedAs(settingShape('alert_mail_to'))).toBe('lines');
    expect(typedAs(settingShape('alert_unsent_warn_minutes'))).toBe('number');
    expect(typedAs(settingShape('alert_language'))).toBe('choice');
    expect(valueTyped(settingShape('alert_mail_to'), ' a@example.org \r\n\n b@example.org\n')).toEqual([
      'a@example.org',
      'b@example.org',
    ]);
    expect(valueTyped(settingShape('alert_unsent_warn_minutes'), ' 20 ')).toBe(20);
    expect(valueTyped(settingShape('alert_language'), 'vi')).toBe('vi');
  });

  it.each([
    ['alert_unsent_warn_minutes', '0', faultAt('', 'too_small', 1)],
    ['alert_unsent_warn_minutes', '1e1', faultAt('', 'wrong_type', { en: 'a whole number', vi: 'một số nguyên' })],
    ['alert_language', 'fr', faultAt('', 'code_not_listed')],
    ['alert_mail_to', 'a@example.org\na@example.org', faultAt('/1', 'entry_twice')],
  ])('say what is wrong with %s = %s', (name, text, fault) => {
    let thrown: unknown;
    try {
      valueTyped(settingShape(name), text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TraoError);
    expect(thrown).toMatchObject({ code: 'bad_request', faults: [fault] });
  });

  it('are the same or not', () => {
    expect(sameValue(['a'], ['a'])).toBe(true);
    expect(sameValue(['a'], ['b'])).toBe(false);
  });
});

describe('who changes a setting', () => {
  const ordinary = settingShape('alert_language');
  const security = settingShape('alert_mail_to');
  const open = { proposedBy: 'a', state: 'open' } as const;

  it('is one person who acts, for an ordinary one', () => {
    expect([ACTING, KEYS, WATCHING].map((one) => maySet(one, ordinary))).toEqual([true, false, false]);
    expect([ACTING, KEYS, WATCHING].map((one) => mayPropose(one, ordinary))).toEqual([false, false, false]);
  });

  it('is nobody alone, for one of security', () => {
    expect([ACTING, KEYS, WATCHING].map((one) => maySet(one, security))).toEqual([false, false, false]);
    expect([ACTING, KEYS, WATCHING].map((one) => mayPropose(one, security))).toEqual([true, true, false]);
  });

  it('is confirmed by another key officer only, while it is open', () => {
    expect(() => assertMayConfirm(KEYS, open)).not.toThrow();
    const refused = (who: typeof KEYS, change: Parameters<typeof assertMayConfirm>[1]) => {
      try {
        assertMayConfirm(who, change);
        return 'done';
      } catch (error) {
        return (error as TraoError).code;
      }
    };
    expect(refused(ACTING, open)).toBe('forbidden');
    expect(refused(operator('b', 'operator_act'), open)).toBe('forbidden');
    expect(refused(KEYS, { ...open, proposedBy: 'k' })).toBe('second_person_needed');
    expect(refused(operator('k', 'operator_act', 'key_officer'), { ...open, proposedBy: 'k' })).toBe(
      'second_person_needed',
    );
    expect(refused(KEYS, { ...open, state: 'applied' })).toBe('change_decided');
    expect(refused(KEYS, { ...open, state: 'withdrawn' })).toBe('change_decided');
  });

  it('is taken back by who proposed it or could confirm it, while it is open', () => {
    expect(() => assertMayWithdraw(ACTING, open)).not.toThrow();
    expect(() => assertMayWithdraw(KEYS, open)).not.toThrow();
    expect(() => assertMayWithdraw(WATCHING, open)).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => assertMayWithdraw(ACTING, { ...open, state: 'applied' })).toThrow(
      expect.objectContaining({ code: 'change_decided' }),
    );
  });
});
