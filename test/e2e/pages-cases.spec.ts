import type { Browser } from 'playwright-core';
import { hasChromium, startChromium } from '../harness/browser';
import { CaseWork } from '../harness/case-work';
import { answerTo, example, type Document } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { OfficerSession } from '../harness/officer-session';
import { OfficerWindow } from '../harness/officer-window';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const UNIT = 'vn.mps-criminal';
const PARTNER = 'gb.ho-sca';
const REFERRAL = example('referral-protect-adult');
const NAMES = ['Đặng Văn Thử', 'Dương Thị Thử', 'Lê Ánh', 'Lê Ăn', 'Lê An', 'Oanh Ví Dụ', 'Ơn Ví Dụ', 'Trần Văn Thử'];
const MANY = 28;

/** A name as passports have it. */
const latinOf = (name: string) =>
  name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[đĐ]/g, 'd').toUpperCase();

/** The referral of somebody else, who has no other names. */
function named(full: string): Document {
  const { aliases: _none, ...person } = REFERRAL['person'] as Readonly<Record<string, unknown>>;
  return { ...REFERRAL, person: { ...person, name: { full, latin: latinOf(full) } } };
}

const inBrowser = hasChromium() ? describe : describe.skip;
inBrowser('the cases of a unit in a browser', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  let windows: OfficerWindow[] = [];
  /** Messages that opened referrals, by the name of the person. */
  const sent = new Map<string, string>();
  const referrals = new Map<string, string>();

  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes(), startChromium()]);
    const names = [
      ...NAMES,
      ...Array.from(
        { length: MANY - NAMES.length },
        (_, index) => `Phan Hư Cấu ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[index]}`,
      ),
    ];
    await Promise.all(
      names.map(async (name) => sent.set(name, (await nodes.office.send(UNIT, named(name))).messageId)),
    );
    await Promise.all([...sent.values()].map((id) => untilFinal(nodes, id)));
    for (const [name, message] of sent) {
      const { header } = (await nodes.office.message(UNIT, message)) as Document;
      referrals.set(name, String(header['referralId']));
    }
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });
  afterEach(async () => {
    const faults = windows.flatMap(({ audit }) => audit.faults);
    for (const window of windows) await window.close();
    windows = [];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  async function officer(sub: string, options: { language?: 'vi' | 'en'; javaScript?: boolean } = {}) {
    const node = sub.slice(0, 2) as 'vn' | 'gb';
    const window = await OfficerWindow.open(browser, nodes, { node, language: 'en', javaScript: false, ...options });
    windows.push(window);
    await window.signIn(sub);
    return window;
  }
  const rows = ({ page }: OfficerWindow) => page.locator('tbody tr').count();
  const people = ({ page }: OfficerWindow) => page.locator('tbody tr td:nth-child(2)').allInnerTexts();
  const initials = (name: string) =>
    name
      .split(' ')
      .map((word) => `${word[0]}.`)
      .join('');

  async function search(window: OfficerWindow, words: string) {
    await window.visit('/cases');
    await window.page.locator('#words').fill(words);
    await window.press(window.t('case:list.searchButton'));
  }

  it.each(['vi', 'en'] as const)(
    'lists them, sorted as Vietnamese names are, page by page, in %s',
    async (language) => {
      const window = await officer(UNIT, { language, javaScript: true });
      await window.visit('/cases');
      expect(await window.text()).toContain(window.t('office:pages.range', { from: 1, to: 25, total: MANY }));
      expect(await rows(window)).toBe(25);
      // A name column is read over shoulders: initials only.
      expect(await window.text()).not.toContain('Đặng');
      await window.press(new RegExp(`^${window.t('office:list.column.name')}`));
      expect(await window.page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
      const sorted = (await people(window)).map((text) => text.trim());
      const wanted = ['Lê An', 'Lê Ánh', 'Lê Ăn', 'Oanh Ví Dụ', 'Ơn Ví Dụ'].map(initials);
      expect(sorted.slice(0, 2)).toEqual(['Dương Thị Thử', 'Đặng Văn Thử'].map(initials));
      expect(sorted.slice(2, 7)).toEqual(wanted);
      await window.press(window.t('office:pages.next'));
      expect(await rows(window)).toBe(MANY - 25);
      await window.press(new RegExp(`^${window.t('office:list.column.name')}`));
      expect(await window.page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
      expect((await people(window))[0]!.trim()).toBe(initials('Trần Văn Thử'));
    },
  );

  it('finds names with and without diacritics, and references; what is not found keeps the words', async () => {
    const window = await officer(UNIT);
    await search(window, 'dang van thu');
    expect(await rows(window)).toBe(1);
    await search(window, 'Đặng');
    expect(await rows(window)).toBe(1);
    // The words are the name of a person: no address may hold them.
    expect(window.path).toBe('/cases/search');
    const reference = (await window.page.locator('tbody th a').first().innerText()).trim();
    await search(window, reference.toLowerCase().replaceAll('-', ' '));
    expect(await rows(window)).toBe(1);
    await search(window, 'Thử');
    expect(await rows(window)).toBe(3);
    await search(window, 'Không Có Ai');
    expect(await rows(window)).toBe(0);
    expect(await window.page.locator('#words').inputValue()).toBe('Không Có Ai');
    await window.press(window.t('case:list.clear'));
    expect(await rows(window)).toBe(25);
  });

  it('filters, and keeps filters while sorting and turning pages', async () => {
    const message = sent.get('Lê An')!;
    const { messageId } = await nodes.office.send(PARTNER, answerTo(named('Lê An'), message, 'ack'));
    await untilFinal(nodes, messageId);
    const window = await officer(UNIT);
    await window.visit('/cases');
    await window.page.locator('#filter-state').selectOption('acknowledged');
    await window.page.locator('#filter-partner').selectOption(PARTNER);
    await window.page.locator('#filter-side').selectOption('sender');
    await window.press(window.t('case:list.apply'));
    expect(await rows(window)).toBe(1);
    await window.press(new RegExp(`^${window.t('office:list.column.due')}`));
    expect(await rows(window)).toBe(1);
    expect(await window.page.locator('#filter-state').inputValue()).toBe('acknowledged');
    await window.visit('/cases?side=recipient');
    expect(await rows(window)).toBe(0);
  });

  it('puts each case where it belongs in the work of both sides', async () => {
    const [own, partner] = [await officer(UNIT), await officer(PARTNER)];
    const count = async (window: OfficerWindow, tab: string) =>
      Number(
        /\((\d+)\)/.exec(
          (await window.page.locator('.trao-tabs__item').allInnerTexts()).find((text) =>
            text.startsWith(window.t(`office:work.tab.${tab}`)),
          )!,
        )![1],
      );
    expect(await count(own, 'waiting')).toBe(MANY);
    expect(await count(partner, 'action')).toBe(MANY);
    await own.visit('/work?tab=action');
    expect(await own.text()).toMatch(new RegExp(own.t('office:work.empty.action', { time: '\\d\\d:\\d\\d' })));
  });

  it('asks a colleague for a reason, shows nothing before, and tells the unit', async () => {
    const referral = referrals.get('Lê Ánh')!;
    const colleague = await officer(`${UNIT}/protection`, { language: 'vi', javaScript: true });
    const { t } = colleague;
    for (const path of [
      '',
      '/timeline',
      '/messages',
      `/messages/${sent.get('Lê Ánh')!}`,
      '/plans',
      '/access',
      '/files',
    ]) {
      await colleague.visit(`/cases/${referral}${path}`);
      expect({ path, heading: await colleague.heading() }).toEqual({ path, heading: t('case:reason.title') });
      expect(await colleague.text()).not.toContain('Ánh');
    }
    await colleague.press(t('case:reason.open'));
    expect(await colleague.errors()).toContain(t('case:reason.missing.code'));
    await colleague.page.locator('[name=code][value=other]').check();
    await colleague.press(t('case:reason.open'));
    expect(await colleague.errors()).toContain(t('case:reason.missing.text'));
    await colleague.page.locator('#text').fill('Trực đêm');
    await colleague.press(t('case:reason.open'));
    expect(await colleague.visit(`/cases/${referral}`)).toBe(200);
    expect(await colleague.text()).toContain('Lê Ánh');

    const author = await officer(UNIT);
    await author.visit(`/cases/${referral}/access`);
    const log = await author.text();
    for (const line of [author.t('case:access.action.case_opened'), author.t('case:access.reason.other'), 'Trực đêm'])
      expect(log).toContain(line);
    const dpo = await officer(`${UNIT}/dpo`);
    expect(await dpo.visit('/access')).toBe(200);
    expect(await dpo.text()).toContain(dpo.t('case:access.action.case_opened'));
  });

  it('lets a colleague take a case over', async () => {
    const referral = referrals.get('Lê Ăn')!;
    const colleague = await officer(`${UNIT}/liaison`);
    await new CaseWork(colleague, `${UNIT}/liaison`).enter(referral);
    await colleague.page
      .locator('summary')
      .evaluateAll((all) => all.forEach((one) => one.parentElement!.setAttribute('open', '')));
    await colleague.press(colleague.t('case:take'));
    expect(await colleague.text()).toContain(colleague.t('case:taken'));
    const author = await officer(UNIT);
    await author.visit(`/cases/${referral}`);
    expect(await author.heading()).toBe(author.t('case:reason.title'));
  });

  it('tells of what changes while somebody looks, without a new page', async () => {
    const name = 'Oanh Ví Dụ';
    const window = await officer(UNIT, { javaScript: true });
    await window.visit(`/cases/${referrals.get(name)!}`);
    const state = window.page.locator('[data-live-text=state]');
    expect(await state.innerText()).toBe(window.t('office:state.delivered'));
    await nodes.office.send(PARTNER, answerTo(named(name), sent.get(name)!, 'ack'));
    await waitFor(
      'the state to change',
      async () => (await state.innerText()) === window.t('office:state.acknowledged'),
    );
    expect(await window.page.locator('[data-live-reload]').isVisible()).toBe(true);
    await window.press(window.t('case:reload'));
    expect(await state.innerText()).toBe(window.t('office:state.acknowledged'));
  });

  it.each(['vi', 'en'] as const)(
    'shows nothing of a case that was changed in the database, in %s',
    async (language) => {
      const name = language === 'vi' ? 'Phan Hư Cấu A' : 'Phan Hư Cấu B';
      const referral = referrals.get(name)!;
      const damage = `UPDATE unit_case SET summary = set_byte(summary, 40, get_byte(summary, 40) # 1), changed_at = now() WHERE referral_id = $1`;
      await (await nodes.database('vn')).query(damage, [referral]);
      const window = await officer(UNIT, { language, javaScript: true });
      for (const path of ['', '/messages', '/timeline']) {
        expect(await window.visit(`/cases/${referral}${path}`)).toBe(500);
        expect(await window.heading()).toBe(window.t('pages:error.integrity.title'));
        const text = await window.text();
        expect(text).toContain(window.t('pages:error.integrity.line'));
        for (const secret of ['Phan', UNIT, PARTNER, 'PROTECT']) expect(text).not.toContain(secret);
      }
      const alarms = await (
        await nodes.database('vn')
      ).query<{ kind: string }>(`SELECT kind FROM alarm WHERE subject = $1`, [referral]);
      expect(alarms).toEqual([{ kind: 'integrity_failure' }]);
      // It hides neither itself nor the others.
      await window.visit(`/cases?state=unreadable`);
      await window.visit('/work');
      expect(await window.text()).toContain(window.t('office:state.unreadable'));
    },
  );

  it.each(['vi', 'en'] as const)('every other page is there in %s, and axe finds nothing', async (language) => {
    const window = await officer(`${UNIT}/dpo`, { language, javaScript: true });
    for (const page of [
      '/settings',
      '/statistics',
      '/access',
      '/help',
      '/help/terms',
      '/help/accessibility',
      '/help/privacy',
      '/work?tab=closed',
    ]) {
      expect({ page, status: await window.visit(page) }).toEqual({ page, status: 200 });
      expect(await window.page.locator('h1').count()).toBe(1);
    }
    expect(await window.visit('/nowhere')).toBe(404);
    expect(await window.heading()).toBe(window.t('pages:error.not_found.title'));
    expect(await window.visit('/new')).toBe(403);
    expect(await window.heading()).toBe(window.t('pages:error.forbidden.title'));
    await window.press(window.t('pages:error.home'));
    expect(window.path).toBe('/work');
  });

  it('keeps settings, and says which one is none', async () => {
    const window = await officer(UNIT, { language: 'vi' });
    await window.visit('/settings');
    await window.page.locator('#quietFrom').fill('25h');
    await window.press(window.t('settings:save'));
    expect(await window.errors()).not.toBe('');
    expect(await window.page.locator('#quietFrom').inputValue()).not.toBe('');
    await window.page.locator('#quietFrom').fill('22h30');
    await window.page.locator('#quietTo').fill('6');
    await window.press(window.t('settings:save'));
    expect(await window.text()).toContain(window.t('settings:saved'));
    expect(await window.page.locator('#quietFrom').inputValue()).toBe('22:30');
  });

  it('saves a case as PDF and notes it', async () => {
    const session = await OfficerSession.of(nodes, UNIT);
    const referral = referrals.get('Trần Văn Thử')!;
    const pdf = await session.get(`/cases/${referral}/pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.text.slice(0, 5)).toBe('%PDF-');
    expect((await session.get(`/cases/${referral}/access`)).text).toContain('printed or saved a PDF');
  });

  it('says that nothing is lost while the database does not answer, and is back with it', async () => {
    const window = await officer(UNIT, { language: 'vi' });
    await nodes.crashPostgres();
    try {
      expect(await window.visit('/work')).toBe(503);
      expect(await window.heading()).toBe(window.t('pages:error.unavailable.title'));
    } finally {
      await nodes.startPostgres();
    }
    await waitFor('the page to be back', async () => (await window.visit('/work')) === 200);
  });
});
