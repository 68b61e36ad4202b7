import { ago, HOUR, NOW } from './fixtures/quiet-node';
import { ALERT_KINDS, ALERT_TITLES, alertMail, alertWebhook, testWebhook, type AlertKind, type Told } from '.';

const told = (more: Partial<Told> = {}): Told => ({
  alertId: '019a-id',
  event: 'raised',
  at: NOW,
  kind: 'oldest_unsent',
  level: 'high',
  subject: 'gb',
  count: 3,
  firstAt: ago(HOUR),
  code: undefined,
  ...more,
});
/** What an alarm of a stranger could carry, and must not get anywhere. */
const STRANGE = [
  'https://evil.example/x',
  'Nguyễn Thị Cúc',
  '<b>x</b>',
  '',
  'a@b.example',
  'x\r\nBcc: y@z.example',
  '//host',
  'y'.repeat(121),
];

describe('the mail about one alert', () => {
  it('says in English what, how bad, since when and about which id', () => {
    expect(alertMail('vn', [told({ code: 'partner_timeout' })], 'en')).toEqual({
      subject: 'Trao vn: high, raised: Messages to a partner wait too long',
      text: [
        'high · oldest_unsent · Messages to a partner wait too long',
        '  raised 2026-11-29 12:00 UTC; since 2026-11-29 11:00 UTC; times: 3',
        '  about: gb; code: partner_timeout',
        '  alert: 019a-id',
        '',
        'The page of alerts at the monitor says more, and the runbook of the same name says what to do.',
        '',
      ]
        .join('\n')
        .concat('\n'),
    });
  });

  it('says the same in Vietnamese', () => {
    const { subject, text } = alertMail('vn', [told({ event: 'recovered' })], 'vi');
    expect(subject).toBe('Trao vn: cao, đã kết thúc: Các thông điệp gửi đối tác chờ quá lâu');
    expect(text).toContain('số lần: 3');
    expect(text).toContain('về: gb\n');
  });

  it.each(Object.keys(ALERT_KINDS) as AlertKind[])('holds no link and nothing but ids and titles: %s', (kind) => {
    for (const language of ['en', 'vi'] as const) {
      const { subject, text } = alertMail('vn', [told({ kind })], language);
      expect(`${subject}${text}`).not.toMatch(/https?:|www\.|\/\/|@|<|>/);
      expect(text).toContain(ALERT_TITLES[kind][language]);
      expect(text).toBe(text.normalize('NFC'));
    }
  });

  it.each(STRANGE)('names no subject that is no plain id: %j', (subject) => {
    const mail = alertMail('vn', [told({ subject })], 'en');
    expect(mail.text).toContain('about: unreadable\n');
    expect(alertWebhook('vn', told({ subject }))).toContain('"subject":"unreadable"');
  });

  it('names no code that is none of ours', () => {
    expect(alertMail('vn', [told({ code: 'Nguyễn' })], 'en').text).not.toContain('code');
    expect(JSON.parse(alertWebhook('vn', told({ code: 'Nguyễn' })))).not.toHaveProperty('data.code');
  });
});

describe('the mail about several', () => {
  it('begins with the worst and says how many there are', () => {
    const { subject, text } = alertMail(
      'gb',
      [told({ level: 'warn' }), told({ level: 'critical', kind: 'no_workers' })],
      'en',
    );
    expect(subject).toBe('Trao gb: 2 alerts, the highest: critical');
    expect(text.indexOf('no_workers')).toBeLessThan(text.indexOf('oldest_unsent'));
    expect(alertMail('gb', [told(), told()], 'vi').subject).toBe('Trao gb: 2 cảnh báo, mức cao nhất: cao');
  });

  it.each([
    ['en', 'and 2 more.'],
    ['vi', 'và 2 cảnh báo khác.'],
  ] as const)('stops at thirty in %s', (language, more) => {
    const { text } = alertMail(
      'gb',
      Array.from({ length: 32 }, () => told()),
      language,
    );
    expect(text.match(/oldest_unsent/g)).toHaveLength(30);
    expect(text).toContain(more);
    expect(
      alertMail(
        'gb',
        Array.from({ length: 30 }, () => told()),
        language,
      ).text,
    ).not.toContain(more.slice(0, 5));
  });

  it('without any is a test', () => {
    expect(alertMail('vn', [], 'en')).toEqual({
      subject: 'Trao vn',
      text: 'This is a test of alerts by mail. There is nothing to do.\n',
    });
    expect(alertMail('vn', [], 'vi').text).toContain('thư kiểm tra');
  });
});

describe('the webhook', () => {
  it('has the members of Standard Webhooks, and ids and numbers', () => {
    expect(JSON.parse(alertWebhook('vn', told({ code: 'partner_timeout' })))).toEqual({
      type: 'alert.raised',
      timestamp: '2026-11-29T12:00:00.000Z',
      data: {
        node: 'vn',
        id: '019a-id',
        kind: 'oldest_unsent',
        level: 'high',
        subject: 'gb',
        count: 3,
        firstAt: '2026-11-29T11:00:00.000Z',
        code: 'partner_timeout',
      },
    });
  });

  it('of a test has a type of its own', () => {
    expect(JSON.parse(testWebhook('vn', NOW))).toEqual({
      type: 'alert.test',
      timestamp: NOW.toISOString(),
      data: { node: 'vn' },
    });
  });
});
