import type { Browser } from 'playwright-core';
import { startChromium } from '../harness/browser';
import { OfficerSession, officeUrlOf } from '../harness/officer-session';
import { OperatorSession } from '../harness/operator-session';
import { monitorUrlOf, OperatorWindow } from '../harness/operator-window';
import type { SiteSession } from '../harness/site-session';
import { MONITORED, startTwoNodes, type TwoNodes } from '../harness/two-nodes';

describe('signing in to the monitor', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes('postgres', MONITORED), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });

  it.each([
    ['vi', true],
    ['en', true],
    ['en', false],
  ] as const)('takes a click in the demonstration, in %s, with JavaScript %s', async (language, javaScript) => {
    const window = await OperatorWindow.open(browser, nodes, { node: 'vn', language, javaScript });
    await window.signIn('monitor/operator');
    expect(window.path).toBe('/overview');
    expect(await window.page.locator('html').getAttribute('lang')).toBe(language);
    expect(await window.text()).toContain('Mai Trực Máy');
    await window.press(window.t('pages:signOut'));
    expect(await window.text()).not.toContain('Mai Trực Máy');
    expect(window.audit.faults).toEqual([]);
    await window.close();
  });

  it('leads back to the page that somebody wanted, and to no page of another site', async () => {
    const session = new OperatorSession(nodes, 'vn');
    const asked = await session.get('/alerts?state=new');
    expect([asked.status, asked.location]).toEqual([
      303,
      `${monitorUrlOf(nodes, 'vn')}/sign-in?back=${encodeURIComponent('/alerts?state=new')}`,
    ]);
    expect((await session.signIn('monitor/watcher', '/alerts?state=new')).url).toBe(
      `${monitorUrlOf(nodes, 'vn')}/alerts?state=new`,
    );
    const lured = new OperatorSession(nodes, 'vn');
    expect((await lured.signIn('monitor/watcher', '//evil.example')).url).toBe(`${monitorUrlOf(nodes, 'vn')}/overview`);
  });

  it('knows nobody of another node, and no officer', async () => {
    const operator = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    const cookie = cookieOf(operator, 'trao_monitor');
    const elsewhere = async (url: string) =>
      (await fetch(url, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })).status;
    expect(await elsewhere(`${monitorUrlOf(nodes, 'vn')}/overview`)).toBe(200);
    expect(await elsewhere(`${monitorUrlOf(nodes, 'gb')}/overview`)).toBe(303);
    expect(await elsewhere(`${officeUrlOf(nodes, 'vn')}/work`)).toBe(303);

    const officer = await OfficerSession.of(nodes, 'vn.mps-criminal');
    const theirs = cookieOf(officer, 'trao');
    const asked = await fetch(`${monitorUrlOf(nodes, 'vn')}/overview`, {
      headers: { cookie: theirs, accept: 'text/html' },
      redirect: 'manual',
    });
    expect(asked.status).toBe(303);
  });

  it('asks for a new proof, whoever the browser is signed in as at the identity provider', async () => {
    const session = await OperatorSession.of(nodes, 'vn', 'monitor/operator');
    const start = await session.get('/sign-in/start');
    const asked = new URL(start.location!);
    expect(asked.searchParams.get('prompt')).toBe('login');
    expect(asked.searchParams.get('max_age')).toBe('0');
  });

  it('refuses an auditor whatever changes something, by its form too', async () => {
    const auditor = await OperatorSession.of(nodes, 'vn', 'monitor/auditor');
    const answer = await auditor.post('/partners/gb/suspend', { reason: 'a try' });
    expect(answer.status).toBe(403);
  });
});

/** The session cookie of somebody, as a `Cookie` header. */
function cookieOf({ url, browser }: SiteSession, prefix: string): string {
  const name = `${prefix}_${new URL(url).port}`;
  const value = browser.cookie(name);
  if (value === undefined) throw new Error(`There is no cookie ${name}.`);
  return `${name}=${value}`;
}
