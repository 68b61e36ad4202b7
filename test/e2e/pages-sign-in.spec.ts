import type { Browser } from 'playwright-core';
import { peopleOf } from '../../apps/cli/local/people';
import { hasChromium, startChromium } from '../harness/browser';
import { OfficerSession, officeUrlOf } from '../harness/officer-session';
import { OfficerWindow, type WindowOptions } from '../harness/officer-window';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';

const OFFICER = 'vn.mps-criminal';
const COLLEAGUE = 'vn.mps-criminal/liaison';

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await startTwoNodes();
});
afterAll(() => nodes?.stop());

/** Changes what the office of Viet Nam remembers of all its sessions, past its code. */
async function setTimes(times: Readonly<Record<string, number>>): Promise<void> {
  const database = await nodes.database('vn');
  for (const [name, ms] of Object.entries(times)) {
    await database.query(
      `UPDATE office_session SET sess = jsonb_set(sess::jsonb, ARRAY['who', $1], to_jsonb($2::bigint))::json WHERE sess::jsonb ? 'who'`,
      [name, ms],
    );
  }
}
const HOUR_MS = 3_600_000;

describe('what an office refuses at its door', () => {
  const visitor = () => new OfficerSession(nodes, 'vn');
  const refused = { status: 403, text: expect.stringContaining('The sign-in was not accepted.') };

  it('sends whoever is not signed in to the sign-in page, and back to the very page', async () => {
    const session = visitor();
    const { status, location } = await session.get('/work?tab=drafts');
    expect({ status, location }).toEqual({
      status: 303,
      location: `${session.office}/sign-in?back=%2Fwork%3Ftab%3Ddrafts`,
    });
    expect((await session.signIn(OFFICER, '/work?tab=drafts')).url).toBe(`${session.office}/work?tab=drafts`);
  });

  it('keeps nothing that a browser or a proxy could show to others, and names nobody in its cookie', async () => {
    const session = visitor();
    const callback = (await session.comeBack(OFFICER)).replace(session.office, '');
    const before = session.browser.cookie(cookieName());
    const { headers } = await session.get(callback);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^trao_\d+=s%3A[\w%.-]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/),
    ]);
    // Nobody can have planted the session in which somebody is signed in.
    expect(session.browser.cookie(cookieName())).not.toBe(before);
    const page = await session.get('/work');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';script-src 'self' 'nonce-[\w-]{22}';style-src 'self';/,
    );
  });

  it('takes no answer of the identity provider that it did not ask for', async () => {
    const session = visitor();
    const address = new URL(await session.comeBack(OFFICER));
    // An answer without a question, in somebody else's browser: they stay signed out.
    const victim = visitor();
    const lured = await victim.get(address.pathname + address.search);
    expect(lured.location).toBe(`${victim.office}/`);
    expect((await victim.get('/work')).status).toBe(303);
    // Somebody else's question, our answer: state, nonce and PKCE bind the two.
    await victim.get('/sign-in/start');
    expect(await victim.get(address.pathname + address.search)).toMatchObject(refused);
    expect((await victim.get('/work')).status).toBe(303);
  });

  it.each([
    ['another state', (query: URLSearchParams) => query.set('state', 'x'.repeat(43))],
    ['no state', (query: URLSearchParams) => query.delete('state')],
    ['another code', (query: URLSearchParams) => query.set('code', 'x'.repeat(43))],
    ['another issuer', (query: URLSearchParams) => query.set('iss', 'http://127.0.0.1:1')],
    [
      'an error of the provider',
      (query: URLSearchParams) => {
        query.delete('code');
        query.set('error', 'access_denied');
      },
    ],
  ])('refuses %s', async (_what, change) => {
    const session = visitor();
    const address = new URL(await session.comeBack(OFFICER));
    change(address.searchParams);
    expect(await session.get(address.pathname + address.search)).toMatchObject(refused);
    expect((await session.get('/work')).status).toBe(303);
    // The question was used up by that.
    await session.get(new URL(address).pathname + address.search);
    expect((await session.get('/work')).status).toBe(303);
  });

  it.each([
    ['nonce', `to_jsonb('other'::text)`],
    ['verifier', `to_jsonb('${'v'.repeat(43)}'::text)`],
    ['begunAt', 'to_jsonb(0)'],
  ])('refuses an answer whose question had another %s', async (member, value) => {
    const session = visitor();
    const address = new URL(await session.comeBack(OFFICER));
    const database = await nodes.database('vn');
    await database.query(
      `UPDATE office_session SET sess = jsonb_set(sess::jsonb, '{pending,${member}}', ${value})::json WHERE sess::jsonb ? 'pending'`,
    );
    expect(await session.get(address.pathname + address.search)).toMatchObject(refused);
    expect((await session.get('/work')).status).toBe(303);
  });

  it('takes an answer once: the same address again leads to the work of whoever is signed in', async () => {
    const session = visitor();
    const address = new URL(await session.comeBack(OFFICER));
    expect((await session.get(address.pathname + address.search)).location).toBe(`${session.office}/work`);
    expect((await session.get(address.pathname + address.search)).location).toBe(`${session.office}/`);
    expect((await session.get('/work')).status).toBe(200);
  });

  it('lets only the same person confirm who they are', async () => {
    const session = visitor();
    await session.signIn(OFFICER);
    const address = new URL(await session.comeBack(COLLEAGUE, '/work', '/sign-in/again'));
    expect(await session.get(address.pathname + address.search)).toMatchObject(refused);
    // The first person is still there, and nobody has become somebody else.
    expect((await session.get('/work')).text).toContain(nameOf(OFFICER));
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example/', 'work', '/a\tb', ''])(
    'does not send people to %j',
    async (back) => {
      const session = visitor();
      expect((await session.signIn(OFFICER, back)).url).toBe(`${session.office}/work`);
      const { location } = await session.get(`/language?to=vi&back=${encodeURIComponent(back)}`);
      expect(location).toBe(`${session.office}/`);
    },
  );

  it('takes no form of another site, without its token or with that of another session', async () => {
    const [session, other] = [await OfficerSession.of(nodes, OFFICER), await OfficerSession.of(nodes, COLLEAGUE)];
    const send = (form: Record<string, string>, headers = {}) =>
      session.browser.send(`${session.office}/session`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { accept: 'text/html', ...headers },
      });
    const token = await session.token();
    expect((await send({ _csrf: token })).status).toBe(201);
    expect((await send({ _csrf: token }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ _csrf: token }, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    for (const form of [{}, { _csrf: '' }, { _csrf: await other.token() }]) {
      // What was typed is kept, and its author comes back to the page.
      expect(await send(form)).toMatchObject({ status: 303, location: `${session.office}/session` });
    }
  });

  it.each([
    ['half an hour without doing anything', () => ({ active: Date.now() - HOUR_MS / 2 })],
    ['ten hours, whatever was done', () => ({ since: Date.now() - 10 * HOUR_MS })],
  ])('ends a session after %s', async (_what, times) => {
    const session = await OfficerSession.of(nodes, OFFICER);
    expect((await session.get('/work')).status).toBe(200);
    await setTimes(times());
    const away = await session.get('/work');
    expect(away.status).toBe(303);
    expect((await session.browser.follow(away)).text).toContain(
      'You were signed out because nothing was done for a while.',
    );
  });

  it('remembers when somebody was active, so that work keeps a session alive', async () => {
    const session = await OfficerSession.of(nodes, OFFICER);
    const [, sid] = /^s%3A([\w-]+)\./.exec(session.browser.cookie(cookieName())!)!;
    const active = async () => {
      const sql = `SELECT (sess #>> '{who,active}')::float8 AS active FROM office_session WHERE sid = $1`;
      return (await (await nodes.database('vn')).query<{ active: number }>(sql, [sid]))[0]!.active;
    };
    const before = Date.now() - HOUR_MS / 2 + 60_000;
    await setTimes({ active: before });
    expect((await session.get('/work')).status).toBe(200);
    expect(await active()).toBeGreaterThan(before + 20 * 60_000);
  });

  it('has nothing at unknown addresses, whoever asks', async () => {
    for (const session of [visitor(), await OfficerSession.of(nodes, OFFICER)]) {
      for (const path of ['/nowhere', '/cases/../nowhere', '/.git/config', '/assets/trao.css', '/cases/x/y/z']) {
        expect({ path, status: (await session.get(path)).status }).toEqual({ path, status: 404 });
      }
    }
  });

  const cookieName = () => `trao_${new URL(officeUrlOf(nodes, 'vn')).port}`;
});

/** The name of an officer, as the table of the office has it. */
const nameOf = (sub: string) => peopleOf(nodes.layout.nodes[0]!).find((person) => person.sub === sub)!.name;

const inBrowser = hasChromium() ? describe : describe.skip;
inBrowser('signing in and out, in a browser', () => {
  let browser: Browser;
  let window: OfficerWindow;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
  afterEach(() => window?.close());

  const open = async (options: WindowOptions) => (window = await OfficerWindow.open(browser, nodes, options));
  const CASES = (['vi', 'en'] as const).flatMap((language) =>
    [true, false].map((javaScript) => ({ node: 'vn', language, javaScript }) as const),
  );

  it.each(CASES)('$language, JavaScript $javaScript: to the page asked for, and out', async (options) => {
    const { t, page, audit } = await open(options);
    await window.signIn(OFFICER, '/work?tab=drafts');
    expect(window.path).toBe('/work?tab=drafts');
    expect(await page.locator('html').getAttribute('lang')).toBe(options.language);
    expect(await window.text()).toContain(nameOf(OFFICER));

    // The other language keeps the page.
    const other = options.language === 'vi' ? 'en' : 'vi';
    await window.press(other === 'vi' ? 'Tiếng Việt' : 'English');
    expect(window.path).toBe('/work?tab=drafts');
    expect(await page.locator('html').getAttribute('lang')).toBe(other);
    await window.press(options.language === 'vi' ? 'Tiếng Việt' : 'English');

    await window.press(t('pages:signOut'));
    // The identity provider asks whether its session ends too; what the office kept is gone already.
    await window.visit('/work');
    expect(await window.heading()).toBe(t('office:signIn.title'));
    expect(audit.faults).toEqual([]);
  });

  it('two offices in two windows of one browser stay apart', async () => {
    await open({ node: 'vn', language: 'en' });
    await window.signIn(OFFICER);
    const other = await window.otherOffice(nodes, 'gb');
    await other.signIn('gb.ho-sca');
    expect(await other.text()).toContain('United Kingdom');
    await window.visit('/work');
    expect(window.path).toBe('/work');
    expect(await window.text()).toContain(nameOf(OFFICER));
  });

  it('is light: the first page at most 100 kB, later ones at most 20 kB', async () => {
    const { audit } = await open({ node: 'vn', language: 'vi' });
    await window.signIn(OFFICER);
    await window.visit('/work?tab=waiting');
    const [first, ...later] = audit.weights;
    expect(first!.bytes).toBeLessThan(100 * 1024);
    expect(later).toHaveLength(2);
    for (const { bytes } of later) expect(bytes).toBeLessThan(20 * 1024);
  });
});
