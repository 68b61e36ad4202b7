import type { Browser } from 'playwright-core';
import { startChromium } from '../harness/browser';
import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { OperatorSession } from '../harness/operator-session';
import { OperatorWindow } from '../harness/operator-window';
import { MONITORED, startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');
const { senderUnit } = REFERRAL.header;
const UNKNOWN = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

/** An operator follows messages, understands why one does not arrive, and sends it again. */
describe('messages at the monitor', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  let delivered: string;
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes('postgres', MONITORED), startChromium()]);
    ({ messageId: delivered } = await nodes.office.send(senderUnit, REFERRAL));
    await untilFinal(nodes, delivered);
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });

  it.each([
    ['vi', true],
    ['en', true],
    ['en', false],
  ] as const)('are found from the overview, in %s, with JavaScript %s', async (language, javaScript) => {
    const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language, javaScript });
    await window.signIn('monitor/watcher');
    const overview = await window.text();
    for (const key of ['overview:light.green', 'overview:reason.good', 'overview:services', 'overview:charts'])
      expect(overview).toContain(window.t(key));
    expect(await window.page.locator('svg.trao-chart[role=img]').count()).toBeGreaterThan(0);

    // A count of the table beside a chart leads to its messages.
    await window.page.locator('details summary').first().click();
    await window.pressAt('details a[href^="/messages?direction=sent&state=arrived"]');
    expect(window.path).toContain('/messages?direction=sent&state=arrived');
    await window.pressAt(`a[href="/messages/${delivered}"]`);
    const page = await window.text();
    for (const state of ['queued', 'sending', 'received', 'delivered'])
      expect(page).toContain(window.t(`messages:state.${state}`));
    expect(page).toMatch(/127\.0\.0\.1:\d+\s+TLSv1\.3\s+200/);
    expect(page).toContain(window.t('messages:receipts.good'));
    expect(page).not.toContain(window.t('messages:receipts.bad'));
    expect(page).not.toContain(window.t('messages:again.button'));

    await window.visit('/messages');
    await window.page.selectOption('#filter-direction', 'received');
    await window.press(window.t('messages:filter.apply'));
    expect(await window.text()).toContain(window.t('messages:none.filtered'));
    await window.visit('/recover');
    expect(await window.text()).toContain(window.t('recover:none'));
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('give their evidence and their list as files, without any content', async () => {
    const operator = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const evidence = await operator.get(`/messages/${delivered}/evidence.json`);
    expect(evidence.headers.get('content-disposition')).toContain(`evidence-${delivered}.json`);
    expect(JSON.parse(evidence.text)).toMatchObject([
      {
        format: 'trao-evidence-1',
        message: { id: delivered, state: 'delivered' },
        receipts: [
          { event: 'received', issuer: 'gb', verified: true },
          { event: 'delivered', issuer: 'gb', verified: true },
        ],
      },
    ]);
    const csv = await operator.get('/messages/export.csv?state=delivered');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.text.split('\r\n')[0]).toBe(
      'id,direction,partner,lane,state,attempts,next,at,changed,receipt,code,size,expires',
    );
    expect(csv.text).toContain(`\r\n${delivered},sent,gb,`);
  });

  it('are asked for in many ways; nonsense is told and shows no rows, what is not there is not found', async () => {
    const operator = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const found = async (query: string) =>
      (await operator.get(`/messages?${query}`)).text.includes(`/messages/${delivered}"`);
    expect(await found(`id=${delivered.slice(0, 8)}`)).toBe(true);
    expect(await found(`partner=gb&state=delivered&lane=${REFERRAL.header.priority}&direction=sent`)).toBe(true);
    expect(await found('partner=fr')).toBe(false);
    for (const query of [
      'state=nonsense',
      'since=yesterday',
      'partner[]=gb',
      'id=%27%20OR%201=1',
      'after=AAAA',
      'limit=-1',
      'column=person',
    ]) {
      const answer = await operator.get(`/messages?${query}`);
      expect([query, answer.status, answer.text.includes(`/messages/${delivered}"`)]).toEqual([query, 400, false]);
      expect(answer.text).toContain('govuk-error-summary');
      const csv = await operator.get(`/messages/export.csv?${query}`);
      // A place in the list and the columns are nothing that a file has.
      expect([query, csv.status]).toEqual([query, 400]);
    }
    expect((await operator.get(`/messages/${UNKNOWN}`)).status).toBe(404);
    expect((await operator.get(`/messages/${UNKNOWN}/evidence.json`)).status).toBe(404);
    expect((await operator.get('/messages/0199')).status).toBe(400);
    expect((await operator.get(`/recover/${UNKNOWN}`)).status).toBe(404);
  });

  it('are kept as views of one operator', async () => {
    const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language: 'vi' });
    await window.signIn('monitor/operator', '/messages?state=failed&partner=gb');
    await window.page.fill('#view-name', 'Gửi Anh thất bại');
    await window.press(window.t('messages:views.keep'));
    expect(await window.text()).toContain(window.t('messages:views.kept'));
    await window.visit('/messages');
    await window.press('Gửi Anh thất bại');
    expect(window.path).toBe('/messages?partner=gb&state=failed');
    await window.pressAt('form[action="/messages/views/forget"] button');
    expect(await window.text()).toContain(window.t('messages:views.forgotten'));
    expect(await window.text()).not.toContain('Gửi Anh thất bại');
    const other = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    expect((await other.post('/messages/views', { name: '', query: '' })).status).toBe(400);
    expect((await other.post('/messages/views', { name: 'x', query: 'state=%3Cscript%3E' })).status).toBe(400);
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('that wait say why, and one that was given up arrives when an operator sends it again', async () => {
    await nodes.stopApp('gb', 'gateway');
    const { messageId } = await nodes.office.send(senderUnit, REFERRAL);
    const vn = await nodes.database('vn');
    await waitFor('the message to be tried', async () => {
      const [row] = await vn.query(`SELECT 1 FROM outbox WHERE id = $1 AND code = 'partner_unreachable'`, [messageId]);
      return row !== undefined;
    });
    const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language: 'en' });
    await window.signIn('monitor/operator', '/messages?state=waiting&code=partner_unreachable');
    await window.pressAt(`a[href="/messages/${messageId}"]`);
    expect(await window.text()).toContain('It is tried again by itself.');
    const runbook = await window.page.locator('a[href^="/runbooks/"]').first().getAttribute('href');
    expect(runbook).toBe('/runbooks/oldest_unsent');
    await window.press(window.t('messages:again.button'));
    expect(await window.text()).toContain(window.t('messages:again.done'));
    expect(window.path).toBe(`/messages/${messageId}`);

    // As a worker gives a message up that its partner's gateway does not understand.
    await vn.query(
      `UPDATE outbox SET state = 'undeliverable', code = 'bad_request', batch = NULL, changed_at = now() WHERE id = $1`,
      [messageId],
    );
    await nodes.startApp('gb', 'gateway');
    await window.visit('/recover');
    await window.page.selectOption('#partner', 'gb');
    await window.page.fill('#since', '2020-01-01');
    await window.press(window.t('recover:preview'));
    expect(await window.errors()).toContain('must be at most 31 days after the beginning of the window');
    await window.page.fill('#since', `${new Date(Date.now() - 3_600_000).toISOString().slice(0, 16)}Z`);
    await window.press(window.t('recover:preview'));
    expect(await window.text()).toContain(window.t('recover:found', { count: 1, partner: 'United Kingdom' }));
    await window.press(window.t('recover:start', { count: 1 }));
    expect(await window.text()).toContain(window.t('recover:notice.started'));
    expect(window.path).toMatch(/^\/recover\/[0-9a-f-]{36}$/);
    await waitFor(
      'the message to arrive',
      async () => {
        await window.visit(window.path);
        return (await window.text()).includes(window.t('recover:finished'));
      },
      { timeoutMs: 60_000 },
    );
    expect(await window.text()).toContain(
      window.t('recover:progressText', { arrived: 1, waiting: 0, failed: 0, stopped: 0, total: 1 }).split(',')[0],
    );
    expect((await untilFinal(nodes, messageId)).state).toBe('delivered');
    const acts = await vn.query<{ act: string }>(`SELECT act FROM operator_log ORDER BY seq`);
    expect(acts).toEqual([{ act: 'message_resent' }, { act: 'recovery_started' }]);
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('are sent again by nobody who only looks', async () => {
    const watcher = await OperatorSession.of(nodes, 'vn', 'monitor/watcher');
    const plan = { partner: 'gb', since: '2026-11-01', states: 'failed', perMinute: '60', recovery: UNKNOWN };
    expect((await watcher.post('/recover', plan)).status).toBe(403);
    expect((await watcher.post(`/messages/${delivered}/resend`, { recovery: UNKNOWN })).status).toBe(403);
    expect((await watcher.post(`/recover/${UNKNOWN}/stop`)).status).toBe(403);
    const operator = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    // What has arrived is not sent again, whoever asks.
    expect((await operator.post(`/messages/${delivered}/resend`, { recovery: UNKNOWN })).status).toBe(409);
    expect((await operator.post(`/messages/${delivered}/resend`, { recovery: 'x' })).status).toBe(400);
    expect((await operator.post(`/recover/${UNKNOWN}/stop`)).status).toBe(404);
  });
});
