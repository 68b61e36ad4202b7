import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import type { CaughtMail } from '../../apps/demo/mail/mailbox';
import { mailPort } from '../../apps/cli/local/layout';
import { ALERT_TITLES, digestOfAct, type LoggedAct } from '../../libs/monitoring';
import type { Database } from '../../libs/storage';
import { startChromium } from '../harness/browser';
import { OperatorSession } from '../harness/operator-session';
import { monitorUrlOf, OperatorWindow } from '../harness/operator-window';
import { MONITORED, startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

let nodes: TwoNodes;
let browser: Browser;
let database: Database;
beforeAll(async () => {
  [nodes, browser] = await Promise.all([startTwoNodes('postgres', MONITORED), startChromium()]);
  database = await nodes.database('vn');
});
afterAll(async () => {
  await browser?.close();
  await nodes?.stop();
});

async function windowOf(sub: string, language: 'vi' | 'en' = 'en', javaScript = true): Promise<OperatorWindow> {
  const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language, javaScript });
  await window.signIn(`monitor/${sub}`);
  return window;
}
const raise = (kind: string, subject: string) =>
  database.query('INSERT INTO alarm (kind, subject, code) VALUES ($1, $2, $3)', [kind, subject, 'id_reused']);
const alertOf = async (kind: string, subject: string) =>
  waitFor(`the alert ${kind}`, async () => {
    const rows = await database.query<{ id: string; state: string }>(
      'SELECT id, state FROM alert WHERE kind = $1 AND subject = $2 ORDER BY first_at DESC',
      [kind, subject],
    );
    return rows[0];
  });

describe('alerts', () => {
  it.each([
    ['vi', true],
    ['en', true],
    ['en', false],
  ] as const)('are taken, silenced and settled in %s, with JavaScript %s', async (language, javaScript) => {
    const subject = randomUUID();
    await raise('id_reused', subject);
    const { id } = await alertOf('id_reused', subject);
    const window = await windowOf('operator', language, javaScript);
    const { t } = window;
    await window.visit('/alerts');
    expect(await window.text()).toContain(ALERT_TITLES.id_reused[language]);
    expect(await window.text()).toContain(subject);
    await window.pressAt(`form[action="/alerts/${id}/acknowledge"] button`);
    expect(await window.text()).toContain(t('alerts:done.acknowledged'));
    expect((await alertOf('id_reused', subject)).state).toBe('acknowledged');

    await window.visit(`/alerts/${id}`);
    expect(await window.text()).toContain('monitor/operator');
    await window.page.locator('input[name=for][value=monday]').check();
    await window.press(t('alerts:silence.button'));
    expect(await window.text()).toContain(t('alerts:done.silenced'));
    await window.press(t('alerts:runbook'));
    expect(await window.heading()).toBe(ALERT_TITLES.id_reused[language]);
    expect(await window.page.locator('[lang=en] h2').count()).toBeGreaterThan(3);
    await window.visit(`/alerts/${id}`);
    await window.press(t('alerts:resolve'));
    expect(await window.text()).toContain(t('alerts:done.resolved'));
    expect(await window.text()).toContain(t('alerts:history.resolved'));
    await window.visit('/alerts?state=resolved&level=high&kind=id_reused');
    expect(await window.text()).toContain(subject);
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('are not ended by hand where they end by themselves, nor twice', async () => {
    await database.query(`INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', 'test', 'nobody')`);
    const { id } = await alertOf('partner_held', 'gb');
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    const refused = await session.post(`/alerts/${id}/resolve`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('ends by itself');
    expect((await alertOf('partner_held', 'gb')).state).toBe('new');
    await database.query('DELETE FROM partner_hold');
    await waitFor('the alert to end', async () => (await alertOf('partner_held', 'gb')).state === 'resolved', {
      timeoutMs: 120_000,
    });
    expect((await session.post(`/alerts/${id}/acknowledge`)).status).toBe(409);
    expect((await session.post(`/alerts/${randomUUID()}/acknowledge`)).status).toBe(404);
    expect((await session.post(`/alerts/${id}/silence`, { for: 'ever' })).status).toBe(400);
  });

  it('are read and not touched by who only watches', async () => {
    const subject = randomUUID();
    await raise('id_reused', subject);
    const { id } = await alertOf('id_reused', subject);
    for (const sub of ['watcher', 'auditor', 'keys']) {
      const session = await OperatorSession.of(nodes, 'vn', `monitor/${sub}`);
      const list = await session.get('/alerts');
      expect(list.text).toContain(subject);
      expect(list.text).not.toContain('/acknowledge');
      for (const act of ['acknowledge', 'silence', 'resolve'])
        expect((await session.post(`/alerts/${id}/${act}`, { for: '1h' })).status).toBe(403);
      expect((await session.post('/alerts/test/mail')).status).toBe(403);
    }
    expect((await alertOf('id_reused', subject)).state).toBe('new');
  });

  it.each(['?state=nonsense', '?level=high&level=warn', '?kind=toString', '?after=x', '?color=red'])(
    'answer %s with what is wrong',
    async (query) => {
      const session = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
      expect((await session.get(`/alerts${query}`)).status).toBe(400);
    },
  );
});

describe('a security setting', () => {
  const ADDRESS = 'night-desk@vn.example';
  const PATH = '/settings/change/alert_mail_to';

  it('takes two people, in both languages, and then mails go there', async () => {
    const window = await windowOf('operator', 'vi');
    await window.visit(PATH);
    await window.page.locator('#value').fill('no address');
    await window.press(window.t('settings:propose'));
    expect(await window.errors()).toContain('phải là địa chỉ thư điện tử hợp lệ');
    await window.page.locator('#value').fill(ADDRESS);
    await window.press(window.t('settings:propose'));
    expect(await window.text()).toContain(window.t('settings:done.proposed'));
    expect(await window.text()).toContain(window.t('settings:open.own'));
    expect(await window.page.locator('form[action$="/confirm"]').count()).toBe(0);
    const [change] = await database.query<{ id: string }>(`SELECT id FROM setting_change WHERE state = 'open'`);

    const own = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    expect((await own.post(`/settings/changes/${change!.id}/confirm`)).status).toBe(403);
    expect((await own.post(PATH, { value: 'other@vn.example' })).status).toBe(409);
    expect((await own.get('/alerts')).text).toContain('no targets');

    const keys = await windowOf('keys', 'en');
    await keys.visit('/settings');
    expect(await keys.text()).toContain(ADDRESS);
    await keys.pressAt('form[action$="/confirm"] button');
    expect(await keys.text()).toContain(keys.t('settings:done.confirmed'));
    expect(await database.query(`SELECT value FROM setting WHERE name = 'alert_mail_to'`)).toEqual([
      { value: [ADDRESS] },
    ]);

    await window.visit('/alerts');
    await window.press(window.t('alerts:test.mail'));
    expect(await window.text()).toContain(window.t('alerts:tellState.sent'));
    const mail = await waitFor('the mail', async () => {
      const response = await fetch(`http://127.0.0.1:${mailPort(nodes.layout)}/messages.json`);
      return ((await response.json()) as CaughtMail[]).find(({ to }) => to.includes(ADDRESS));
    });
    expect(mail.source).toContain('Subject: Trao vn');
    expect([...window.audit.faults, ...keys.audit.faults]).toEqual([]);
    await Promise.all([window.close(), keys.close()]);
  });

  it('is not confirmed by the key officer who proposed it; they take it back', async () => {
    const keys = await OperatorSession.of(nodes, 'vn', 'monitor/keys');
    expect((await keys.post(PATH, { value: '' })).status).toBe(303);
    const [change] = await database.query<{ id: string }>(`SELECT id FROM setting_change WHERE state = 'open'`);
    const refused = await keys.post(`/settings/changes/${change!.id}/confirm`);
    expect([refused.status, refused.text.includes('Somebody else has to confirm')]).toEqual([403, true]);
    expect((await keys.post(`/settings/changes/${change!.id}/withdraw`)).status).toBe(303);
    expect((await keys.post(`/settings/changes/${change!.id}/withdraw`)).status).toBe(409);
    expect(await database.query(`SELECT value FROM setting WHERE name = 'alert_mail_to'`)).toEqual([
      { value: [ADDRESS] },
    ]);
  });

  it('is no way past the bounds of an ordinary one, and no setting of another name is', async () => {
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    const change = '/settings/change/alert_disk_free_percent';
    expect((await session.post(change, { value: '1' })).status).toBe(422);
    expect((await session.post(change, { value: '25' })).status).toBe(303);
    expect((await session.post('/settings/change/log_level', { value: 'debug' })).status).toBe(404);
    const keys = await OperatorSession.of(nodes, 'vn', 'monitor/keys');
    expect((await keys.post(change, { value: '30' })).status).toBe(403);
    const watcher = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    expect((await watcher.get(change)).status).toBe(403);
    expect((await watcher.get('/settings')).text).toContain('25');
  });
});

describe('the log of operators', () => {
  it('is verified by the auditor, who finds a row that was changed behind its back', async () => {
    const window = await windowOf('auditor', 'en');
    await window.visit('/audit');
    expect(await window.text()).toContain('setting_confirmed');
    await window.press(window.t('audit:verify.button'));
    expect(await window.text()).toContain(window.t('audit:verify.whole'));
    const head = /\d+:[0-9a-f]{64}/.exec(await window.text())![0];

    await database.query(`UPDATE operator_log SET operator = 'somebody' WHERE seq = 2`);
    await window.press(window.t('audit:verify.button'));
    expect(await window.text()).toContain(window.t('audit:verify.at', { seq: 2 }));
    await database.query(`UPDATE operator_log SET operator = 'monitor/operator' WHERE seq = 2`);

    // What the chain alone cannot show.
    await database.query('CREATE TABLE kept AS SELECT * FROM operator_log ORDER BY seq DESC LIMIT 1');
    await database.query('DELETE FROM operator_log WHERE seq = (SELECT seq FROM kept)');
    await window.press(window.t('audit:verify.button'));
    expect(await window.text()).toContain(window.t('audit:verify.whole'));
    await window.page.locator('#head').fill(head);
    await window.press(window.t('audit:verify.button'));
    expect(await window.text()).toContain(window.t('audit:verify.cut'));
    await database.query('INSERT INTO operator_log SELECT * FROM kept; DROP TABLE kept');
    await window.page.locator('#head').fill(head);
    await window.press(window.t('audit:verify.button'));
    expect(await window.text()).toContain(window.t('audit:verify.whole'));

    await window.page.locator('#head').fill('17');
    await window.press(window.t('audit:verify.button'));
    expect(await window.errors()).toContain(window.t('audit:verify.badHead'));
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('leaves as JSON from which anybody can compute the chain anew', async () => {
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/auditor');
    const { acts, head, whole } = JSON.parse((await session.get('/audit.json')).text) as {
      acts: (Omit<LoggedAct, 'at'> & { at: string })[];
      head: string;
      whole: boolean;
    };
    expect(whole).toBe(true);
    for (const act of acts) expect(digestOfAct({ ...act, at: new Date(act.at) })).toBe(act.digest);
    expect(head).toBe(`${acts.length}:${acts.at(-1)!.digest}`);
  });
});

describe('the other pages', () => {
  it.each(['vi', 'en'] as const)('are there in %s', async (language) => {
    const window = await windowOf('operator', language);
    for (const [path, key] of [
      ['/runbooks', 'alerts:runbooks.title'],
      ['/errors?window=7d', 'errors:title'],
      ['/audit', 'audit:title'],
      ['/settings', 'settings:title'],
      ['/settings/diagnostics', 'settings:diagnostics.title'],
      ['/settings/users', 'settings:users.title'],
    ] as const) {
      expect(await window.visit(path)).toBe(200);
      expect(await window.heading()).toBe(window.t(key));
    }
    expect(await window.text()).toContain('monitor/auditor');
    expect(await window.visit('/runbooks/constructor')).toBe(404);
    expect(await window.visit('/runbooks/..%2F..%2FREADME')).toBe(404);
    expect(await window.visit('/errors?window=9y')).toBe(400);
    expect(await window.visit('/audit?before=x')).toBe(400);
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('count what failed, with the cause, and as CSV', async () => {
    await database.query(
      `INSERT INTO alarm (kind, subject, code, folded) VALUES ('partner_tls', 'gb', 'partner_tls', true)`,
    );
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const page = await session.get('/errors?code=partner_tls');
    expect(page.text).toContain('No trusted TLS connection to the partner.');
    const csv = await session.get('/errors.csv?code=partner_tls');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text.split('\r\n')[1]).toMatch(/^partner_tls,alarm,gb,1,/);
  });

  it('hand out diagnostics without a secret', async () => {
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const { text } = await session.get('/settings/diagnostics.json');
    const { settings } = JSON.parse(text) as { settings: { name: string; value: unknown }[] };
    expect(settings.find(({ name }) => name === 'alert_mail_to')?.value).toBe('hidden');
    const { operatorTokens = {}, tokens } = nodes.access.nodes.find(({ id }) => id === 'vn')!;
    for (const secret of [...Object.values(operatorTokens), ...Object.values(tokens), 'night-desk'])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  });

  it('are closed to programs, and the interface of programs to sessions', async () => {
    const url = monitorUrlOf(nodes, 'vn');
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    expect((await session.get('/v1/status')).status).toBe(401);
    const token = nodes.access.nodes.find(({ id }) => id === 'vn')!.operatorTokens!['monitor/operator']!;
    const headers = { authorization: `Bearer ${token}`, accept: 'text/html' };
    expect((await fetch(`${url}/alerts`, { headers, redirect: 'manual' })).status).toBe(303);
  });
});
