import { ALERT_KINDS, causeOf } from '.';
import { CATALOGUE, entryOf, WIRE_CODES, type Code } from '../errors';
import { FIXES } from './cause-fixes';

const codes = Object.keys(CATALOGUE) as Code[];

describe('causes', () => {
  it.each(['en', 'vi'] as const)('say in %s what every code means and what to do', (language) => {
    for (const code of [...codes, ...WIRE_CODES, 'a_code_of_tomorrow', 'constructor']) {
      const { meaning, fix, runbook } = causeOf(code, language);
      expect(meaning).toMatch(/^\p{Lu}.{9,}\.$/u);
      expect(fix).toMatch(/^\p{Lu}.{19,}\.$/u);
      expect(Object.keys(ALERT_KINDS)).toContain(runbook);
    }
  });

  it('say the same in both languages, each fix once', () => {
    const all = Object.values(FIXES);
    expect(new Set(all.map(({ en }) => en)).size).toBe(all.length);
    expect(new Set(all.map(({ vi }) => vi)).size).toBe(all.length);
    expect(causeOf('partner_tls', 'en').fix).toBe(FIXES.tls.en);
    expect(causeOf('partner_tls', 'vi').fix).toBe(FIXES.tls.vi);
  });

  it('have a fix of their own for every code that a partner can refuse with, and for every one of the way there', () => {
    const refusing = codes.filter((code) => entryOf(code).wire !== undefined);
    for (const code of [...WIRE_CODES, ...refusing, 'partner_unreachable', 'bad_answer', 'partner_busy'])
      expect([FIXES.service.en, FIXES.unknown.en]).not.toContain(causeOf(code, 'en').fix);
  });

  it('send nobody to send again what never arrives that way', () => {
    expect(causeOf('policy_blocked', 'en')).toMatchObject({
      meaning: 'A rule of the partner forbids it.',
      runbook: 'message_refused',
    });
    expect(causeOf('a_code_of_tomorrow', 'en').fix).toBe(FIXES.unknown.en);
    expect(causeOf('webhook_gone', 'en').fix).toBe(FIXES.service.en);
  });
});
