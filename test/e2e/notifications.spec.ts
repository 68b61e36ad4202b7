import type { CaughtMail } from '../../apps/demo/mail/mailbox';
import { mailPort } from '../../apps/cli/local/layout';
import { NOTICE_TEXTS } from '../../libs/mail';
import { documentsWith, newCanaries } from '../harness/canary';
import { Needles } from '../harness/canary-needles';
import { hasChromium, startChromium } from '../harness/browser';
import { OfficerSession } from '../harness/officer-session';
import { OfficerWindow } from '../harness/officer-window';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const DESK = 'gb.ho-sca';
const DPO = 'gb.ho-sca/dpo';
const SETTINGS = { language: 'vi', timeZone: 'Europe/London', quietFrom: '', quietTo: '' };

const canaries = newCanaries();
const needles = new Needles({ ...canaries });
const { protect } = documentsWith(canaries);

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await startTwoNodes();
});
afterAll(() => nodes?.stop());

const mails = async () =>
  (await (await fetch(`http://127.0.0.1:${mailPort(nodes.layout)}/messages.json`)).json()) as CaughtMail[];
const mailsTo = async (address: string) => (await mails()).filter(({ to }) => to.includes(address));

/** The address of an officer, as their own settings page says. */
async function addressOf(session: OfficerSession): Promise<string> {
  return /<strong>([^<@]+@[^<]+)<\/strong>/.exec((await session.get('/settings')).text)![1]!;
}

describe('an officer who has signed in once', () => {
  it('is told that there is something new, and nothing else, whatever has come', async () => {
    const desk = await OfficerSession.of(nodes, DESK);
    const dpo = await OfficerSession.of(nodes, DPO);
    const [deskAddress, dpoAddress] = [await addressOf(desk), await addressOf(dpo)];
    expect(deskAddress).toMatch(/^[a-z.]+@gb\.example$/);
    const { messageId } = await nodes.office.send(protect.header.senderUnit, protect);
    const mail = await waitFor('a mail', async () => (await mailsTo(deskAddress))[0]);
    expect(mail).toMatchObject({
      subject: NOTICE_TEXTS.en.subject,
      text: NOTICE_TEXTS.en.text.trim(),
      from: 'trao@gb.example',
    });
    // Who cannot do anything about it hears nothing.
    expect(await mailsTo(dpoAddress)).toEqual([]);
    for (const { source } of await mails()) {
      expect(needles.find(Buffer.from(source))).toEqual([]);
      expect(source).not.toContain(messageId);
      expect(source).not.toMatch(/ho-sca|mps-criminal|https?:/);
    }
  });

  it('gets one mail however much comes, and none when the office starts again', async () => {
    const desk = await OfficerSession.of(nodes, DESK);
    const address = await addressOf(desk);
    for (let count = 0; count < 2; count += 1) await nodes.office.send(protect.header.senderUnit, protect);
    const database = await nodes.database('gb');
    const waiting = () =>
      database.query(`SELECT 1 FROM notice WHERE officer = $1 AND due_at > now() + interval '5 minutes'`, [DESK]);
    // What has come meanwhile asks for a mail, which has to wait for the ten minutes to pass.
    await waitFor('the next mail to wait', async () => (await waiting()).length > 0);
    await nodes.stopApp('gb', 'office');
    await nodes.startApp('gb', 'office');
    await waitFor('a look after the start', async () => {
      const [look] = await database.query<{ fresh: boolean }>(
        `SELECT bool_or(at > (SELECT max(backend_start) FROM pg_stat_activity WHERE application_name = 'trao-office')) AS fresh
         FROM notice_look`,
      );
      return look?.fresh;
    });
    expect(await mailsTo(address)).toHaveLength(1);
    // The time passes: the mail that waited goes, in the language that was chosen meanwhile.
    const again = await OfficerSession.of(nodes, DESK);
    await again.post('/settings', { ...SETTINGS, events: 'new_referral' });
    await database.query(`UPDATE notice SET due_at = now() WHERE officer = $1`, [DESK]);
    const newest = await waitFor('the mail that waited', async () => {
      const found = await mailsTo(address);
      return found.length > 1 ? found[0] : undefined;
    });
    expect(newest).toMatchObject({ subject: NOTICE_TEXTS.vi.subject, text: NOTICE_TEXTS.vi.text.trim() });
  });
});

describe('the settings of an officer', () => {
  it('say what is wrong with a time, and keep what was typed', async () => {
    const desk = await OfficerSession.of(nodes, DESK);
    const wrong = await desk.post('/settings', { ...SETTINGS, quietFrom: '25:00', quietTo: '' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('The beginning of the quiet hours must be a time, like 22:00');
    expect(wrong.text).toContain('href="#quietFrom"');
    expect(wrong.text).toContain('href="#quietTo"');
    expect(wrong.text).toContain('value="25:00"');
  });

  it('are kept: quiet hours as people write them, events, language and zone', async () => {
    const desk = await OfficerSession.of(nodes, DESK);
    const saved = await desk.post('/settings', {
      ...SETTINGS,
      events: 'alert',
      quietFrom: '22h30',
      quietTo: '7',
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    expect(saved).toMatchObject({ status: 303, location: `${desk.office}/settings` });
    const page = await desk.get('/settings');
    expect(page.text).toContain('Your settings are saved.');
    expect(page.text).toContain('value="22:30"');
    expect(page.text).toContain('value="07:00"');
    expect(page.text).toMatch(/value="alert" checked/);
    expect(page.text).not.toMatch(/value="new_referral" checked/);
    expect(page.text).toMatch(/value="Asia\/Ho_Chi_Minh" selected/);
    expect(page.text).toMatch(/value="vi" checked/);
  });

  it('are each officer’s own', async () => {
    const dpo = await OfficerSession.of(nodes, DPO, 'vi');
    const page = await dpo.get('/settings');
    expect(page.text).toContain('<html lang="vi"');
    expect(page.text).toMatch(/value="new_referral" checked/);
    expect(page.text).not.toContain('value="22:30"');
  });

  it.each([
    { language: 'fr' },
    { timeZone: 'Mars/Base' },
    { timeZone: '../../etc/passwd' },
    { quietFrom: '<script>', quietTo: '07:00' },
  ])('take nothing that is not on the page: %j', async (change) => {
    const desk = await OfficerSession.of(nodes, DESK);
    const { status, text } = await desk.post('/settings', { ...SETTINGS, ...change });
    expect(status).toBe(422);
    expect(text).not.toContain('<script>"');
  });

  it('are closed to whoever is not signed in, and to forms of other sites', async () => {
    const stranger = new OfficerSession(nodes, 'gb');
    expect((await stranger.get('/settings')).location).toContain('/sign-in');
    const desk = await OfficerSession.of(nodes, DESK);
    const before = (await desk.get('/settings')).text;
    const forged = await desk.post('/settings', { ...SETTINGS, timeZone: 'Asia/Shanghai', _csrf: 'guessed' });
    expect(forged.status).toBeGreaterThan(299);
    expect(before).not.toMatch(/value="Asia\/Shanghai" selected/);
    expect((await desk.get('/settings')).text).not.toMatch(/value="Asia\/Shanghai" selected/);
  });
});

const inBrowser = hasChromium() ? describe : describe.skip;

inBrowser('the settings page in a browser', () => {
  it.each([
    ['vi', true],
    ['en', true],
    ['vi', false],
  ] as const)(
    'is accessible, breaks no policy and keeps what is chosen: %s, JavaScript %s',
    async (language, javaScript) => {
      const browser = await startChromium();
      try {
        const window = await OfficerWindow.open(browser, nodes, { node: 'gb', language, javaScript });
        await window.signIn(DESK, '/settings');
        await window.page.locator('#quietFrom').fill('nonsense');
        await window.press(window.t('settings:save'));
        expect(await window.page.locator('.govuk-error-summary a').first().getAttribute('href')).toBe('#quietFrom');
        await window.page.locator('#quietFrom').fill('21:15');
        await window.page.locator('#quietTo').fill('05:45');
        await window.page.locator(`input[name=language][value=${language}]`).check();
        await window.press(window.t('settings:save'));
        expect(await window.text()).toContain(window.t('settings:saved'));
        expect(await window.page.locator('#quietFrom').inputValue()).toBe('21:15');
        expect(window.audit.faults).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
