import type { Browser } from 'playwright-core';
import { hasChromium, startChromium } from '../harness/browser';
import { CaseWork, PDF } from '../harness/case-work';
import { example, withHeader } from '../harness/examples';
import { readDraftOf, writeDraft } from '../harness/office-drafts';
import { OfficerSession } from '../harness/officer-session';
import { OfficerWindow } from '../harness/officer-window';
import { startTwoNodes, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const UNIT = 'vn.mps-criminal';
const LIAISON = `${UNIT}/liaison`;
const REFERRAL = example('referral-protect-adult');
const NAME = 'person.name.full';
const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-' + 'ANTIVIRUS-TEST-FILE!$H+H*';

const inBrowser = hasChromium() ? describe : describe.skip;
inBrowser('writing in a browser, and what can go wrong with it', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  let windows: OfficerWindow[] = [];
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes(), startChromium()]);
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

  async function officer(sub = UNIT, options: { language?: 'vi' | 'en'; javaScript?: boolean } = {}) {
    const window = await OfficerWindow.open(browser, nodes, {
      node: 'vn',
      language: 'en',
      javaScript: false,
      ...options,
    });
    windows.push(window);
    await window.signIn(sub);
    return window;
  }
  const draft = (as = UNIT, document = REFERRAL) => writeDraft(nodes, as, document);
  const field = ({ page }: OfficerWindow, name = NAME) => page.locator(`[name="${name}"]`);
  const nameIn = async (id: string) => {
    const { person } = (await readDraftOf(nodes, UNIT, id))!.document as unknown as {
      person: { name: { full: string } };
    };
    return person.name.full;
  };
  const page = (id: string) => `/drafts/${id}/person/name`;

  it('saves while somebody types, and says when', async () => {
    const id = await draft();
    const window = await officer(UNIT, { javaScript: true });
    await window.visit(page(id));
    await field(window).fill('Trần Thị Tự Lưu');
    const line = window.page.locator('[data-autosave-line]');
    await waitFor('the line that says so', async () => /^Saved \d\d:\d\d$/.test(await line.innerText()));
    expect(await nameIn(id)).toBe('Trần Thị Tự Lưu');
    await window.visit(page(id));
    expect(await field(window).inputValue()).toBe('Trần Thị Tự Lưu');
  });

  it('says so when the server does not answer, and keeps what was typed', async () => {
    const id = await draft();
    const window = await officer(UNIT, { javaScript: true });
    await window.visit(page(id));
    await window.page.route('**/autosave', (route) => route.abort());
    await field(window).fill('Trần Thị Không Mạng');
    const line = window.page.locator('[data-autosave-line]');
    await waitFor('the line that says so', async () => (await line.innerText()) === window.t('drafts:autosave.failed'));
    await window.page.unroute('**/autosave');
    await window.press(window.t('drafts:save'));
    expect(await nameIn(id)).toBe('Trần Thị Không Mạng');
    window.audit.forget(/ERR_FAILED/);
  });

  it.each(['vi', 'en'] as const)(
    'shows what is wrong beside its question, in %s, and keeps the answers',
    async (language) => {
      const id = await draft();
      const window = await officer(UNIT, { language, javaScript: true });
      await window.visit(`/drafts/${id}/person/birth`);
      const year = field(window, 'person.birth.year');
      await year.fill('19x2');
      await window.press(window.t('drafts:save'));
      expect(await window.page.title()).toMatch(new RegExp(`^${window.t('pages:title.error')}: `));
      expect(await window.errors()).toContain(window.t('pages:problem'));
      expect(await year.inputValue()).toBe('19x2');
      // The link of the summary leads to the control.
      await window.page.locator('.govuk-error-summary a').first().click();
      expect(await year.evaluate((control) => control === control.ownerDocument.activeElement)).toBe(true);
      await year.fill('1992');
      await window.press(window.t('drafts:save'));
      expect(await window.errors()).toBe('');
    },
  );

  it('the other language keeps the page and what was typed', async () => {
    const id = await draft();
    const window = await officer();
    await window.visit(page(id));
    await field(window).fill('Trần Thị Song Ngữ');
    await window.press('Tiếng Việt');
    expect(window.path).toBe(page(id));
    expect(await window.page.locator('html').getAttribute('lang')).toBe('vi');
    expect(await field(window).inputValue()).toBe('Trần Thị Song Ngữ');
  });

  it.each([
    ['mine', 'Hai'],
    ['theirs', 'Một'],
  ])('two tabs: shows both answers and overwrites neither; %s stays', async (side, kept) => {
    const id = await draft();
    const one = await officer();
    const two = await one.secondTab();
    for (const tab of [one, two]) await tab.visit(page(id));
    await field(one).fill('Một');
    await one.press(one.t('drafts:save'));
    await field(two).fill('Hai');
    await two.press(two.t('drafts:save'));
    expect(await two.heading()).toBe(two.t('drafts:conflict.title'));
    const shown = await two.text();
    expect(shown).toContain('Một');
    expect(shown).toContain('Hai');
    expect(await nameIn(id)).toBe('Một');
    await two.page.locator(`[name^="keep-"][value="${side}"]`).first().check();
    await two.press(two.t('drafts:conflict.keep'));
    expect(await nameIn(id)).toBe(kept);
  });

  it('two people: autosave tells of the conflict and touches nothing', async () => {
    const id = await draft();
    const [one, two] = [await officer(), await officer(LIAISON, { javaScript: true })];
    // The liaison officer does not write what a case officer began.
    await two.visit(page(id));
    expect(two.path).toBe(`/drafts/${id}/check`);
    const tab = await officer(UNIT, { javaScript: true });
    for (const window of [one, tab]) await window.visit(page(id));
    await field(one).fill('Một');
    await one.press(one.t('drafts:save'));
    await field(tab).fill('Hai');
    const line = tab.page.locator('[data-autosave-line]');
    await waitFor('the line that says so', async () => (await line.innerText()) === tab.t('drafts:autosave.conflict'));
    expect(await nameIn(id)).toBe('Một');
  });

  it('after a time-out, what was typed is back on its page, not saved yet', async () => {
    const id = await draft();
    const window = await officer();
    await window.visit(page(id));
    await field(window).fill('Trần Thị Quá Giờ');
    await endSessions();
    await window.press(window.t('drafts:save'));
    expect(await window.text()).toContain(window.t('office:signIn.kept'));
    await window.press(window.t('office:signIn.button'));
    // The identity provider knows them still.
    expect(window.path).toBe(page(id));
    expect(await window.text()).toContain(window.t('drafts:unsaved'));
    expect(await field(window).inputValue()).toBe('Trần Thị Quá Giờ');
    expect(await nameIn(id)).not.toBe('Trần Thị Quá Giờ');
    await window.press(window.t('drafts:save'));
    expect(await nameIn(id)).toBe('Trần Thị Quá Giờ');
  });

  it('a form of before a new sign-in is not lost either', async () => {
    const id = await draft();
    const window = await officer();
    await window.visit(page(id));
    await field(window).fill('Trần Thị Biểu Mẫu Cũ');
    const tab = await window.secondTab();
    await tab.page.goto(`${tab.office}/sign-in/again?back=/work`);
    await tab.chooseAtProvider(UNIT);
    await window.press(window.t('drafts:save'));
    expect(window.path).toBe(page(id));
    expect(await window.text()).toContain(window.t('drafts:unsaved'));
    expect(await field(window).inputValue()).toBe('Trần Thị Biểu Mẫu Cũ');
  });

  it('sends once: two presses, the back button and another tab lead to the same confirmation', async () => {
    const id = await draft();
    const liaison = await officer(LIAISON);
    const work = new CaseWork(liaison, LIAISON);
    await work.agree(id);
    const tab = await liaison.secondTab();
    await tab.visit(`/drafts/${id}/check`);
    const { referral, message } = await work.send(id);
    const confirmation = `/cases/${referral}/sent/${message}`;
    await tab.press(tab.t('drafts:send.button'));
    expect(tab.path).toBe(confirmation);
    await liaison.page.goBack();
    await liaison.settle();
    expect(liaison.path).toBe(confirmation);
    expect(await liaison.text()).toContain(liaison.t('drafts:sent.already'));
    const rows = await (
      await nodes.database('vn')
    ).query<{ sent: number }>('SELECT count(*)::int AS sent FROM case_event WHERE referral_id = $1', [referral]);
    expect(rows).toEqual([{ sent: 1 }]);
  });

  it('sends once when both presses come at the same time', async () => {
    const id = await draft();
    const work = new CaseWork(await officer(LIAISON), LIAISON);
    await work.agree(id);
    const { digest } = (await readDraftOf(nodes, UNIT, id))!;
    const session = await OfficerSession.of(nodes, LIAISON);
    const _csrf = await session.token();
    const answers = await Promise.all([1, 2, 3].map(() => session.post(`/drafts/${id}/send`, { _csrf, digest })));
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`))).toEqual(
      new Set([expect.any(String)]),
    );
    expect(answers[0]!.location).toMatch(/\/cases\/[0-9a-f-]{36}\/sent\/[0-9a-f-]{36}$/);
  });

  it('nobody agrees to what they wrote themselves', async () => {
    const document = withHeader(REFERRAL, { authorRole: 'liaison_officer' });
    const id = await draft(LIAISON, document);
    const window = await officer(LIAISON);
    await window.visit(`/drafts/${id}/approve`);
    expect(await window.text()).toContain(window.t('drafts:approve.own'));
    expect(await window.page.getByRole('button', { name: window.t('drafts:approve.button.approve') }).count()).toBe(0);
    const session = await OfficerSession.of(nodes, LIAISON);
    const { digest } = (await readDraftOf(nodes, UNIT, id))!;
    const forced = await session.post(`/drafts/${id}/approve`, { digest, kind: 'approve' });
    expect(forced.status).toBe(403);
    expect((await readDraftOf(nodes, UNIT, id))!.approvals).toEqual([]);
  });

  it('asks for a fresh sign-in of the very same person, and agrees to no other version than the one shown', async () => {
    const id = await draft();
    const window = await officer(LIAISON, { javaScript: true });
    await endFreshness();
    await window.visit(`/drafts/${id}/approve`);
    await window.press(window.t('drafts:approve.signIn'));
    await window.chooseAtProvider(`${UNIT}/dpo`);
    expect(await window.text()).toContain('The sign-in was not accepted.');
    await window.visit(`/drafts/${id}/approve`);
    await window.press(window.t('drafts:approve.signIn'));
    await window.chooseAtProvider(LIAISON);
    expect(window.path).toBe(`/drafts/${id}/approve`);

    const writer = await officer();
    await writer.visit(page(id));
    await field(writer).fill('Trần Thị Bản Sau');
    await writer.press(writer.t('drafts:save'));
    await window.press(window.t('drafts:approve.button.approve'));
    expect(await window.text()).toContain(window.t('drafts:check.changed'));
    expect((await readDraftOf(nodes, UNIT, id))!.approvals).toEqual([]);
    await window.press(window.t('drafts:approve.button.approve'));
    expect((await readDraftOf(nodes, UNIT, id))!.approvals).toEqual([expect.objectContaining({ by: LIAISON })]);

    // What is changed after that has to be agreed to again.
    await writer.visit(page(id));
    await field(writer).fill('Trần Thị Bản Cuối');
    await writer.press(writer.t('drafts:save'));
    await window.visit(`/drafts/${id}/check`);
    expect(await window.page.getByRole('button', { name: window.t('drafts:send.button') }).count()).toBe(0);
  });

  it.each([true, false])(
    'takes several files at once, JavaScript %s, and says what is wrong with others',
    async (javaScript) => {
      const id = await draft();
      const window = await officer(UNIT, { javaScript });
      const file = (name: string, buffer = PDF) => ({ name, mimeType: 'application/octet-stream', buffer });
      const hand = async (...files: ReturnType<typeof file>[]) => {
        await window.page.locator('input[type=file]').setInputFiles(files);
        await window.page.getByRole('button', { name: window.t('drafts:files.upload') }).click();
      };
      const says = (text: string) =>
        waitFor(`the page to say "${text}"`, async () => (await window.text()).includes(text));
      await window.visit(`/drafts/${id}/attachments/files`);
      // Its last piece is lost on the way; the script tries again and goes on.
      let lost = 0;
      await window.page.route('**/uploads/*', async (route) => {
        if (route.request().method() !== 'PATCH' || lost > 0) return route.continue();
        lost += 1;
        return route.abort();
      });
      await hand(file('one.pdf'), file('two.pdf', Buffer.concat([PDF, Buffer.alloc(1_500_000, 32)])));
      await says('one.pdf');
      await waitFor('both files', async () => (await window.page.locator('dl.govuk-summary-list dt').count()) === 2);
      expect(lost).toBe(javaScript ? 1 : 0);
      await says(window.t('drafts:files.state.clean'));

      const wrong = [
        [file('text.pdf', Buffer.from('no PDF at all')), 'file_type'],
        [file('program.exe'), 'file_type'],
        [file('empty.pdf', Buffer.alloc(0)), 'file_empty'],
        [file('virus.pdf', Buffer.concat([PDF, Buffer.from(EICAR)])), 'file_infected'],
      ] as const;
      for (const [one, fault] of wrong) {
        await window.visit(`/drafts/${id}/attachments/files`);
        await hand(one);
        await says(window.t(`drafts:files.fault.${fault}`));
      }
      await window.visit(`/drafts/${id}/attachments/files`);
      expect(await window.page.locator('dl.govuk-summary-list dt').count()).toBe(2);
      window.audit.forget(/ERR_FAILED/);
    },
  );

  it('names a draft before it deletes it', async () => {
    const id = await draft();
    const window = await officer();
    await window.visit(`/drafts/${id}`);
    await window.press(window.t('drafts:delete.link'));
    expect(await window.heading()).toBe(window.t('drafts:delete.title'));
    await window.press(window.t('drafts:delete.keep'));
    expect(window.path).toBe(`/drafts/${id}`);
    await window.press(window.t('drafts:delete.link'));
    await window.press(window.t('drafts:delete.button'));
    expect(await window.text()).toContain(window.t('drafts:delete.done'));
    expect(await readDraftOf(nodes, UNIT, id)).toBeUndefined();
    expect(await window.visit(`/drafts/${id}`)).toBe(404);
  });

  it('shows what the recipient will read, and marks what is withheld', async () => {
    const id = await draft();
    const window = await officer(UNIT, { language: 'vi' });
    expect(await window.visit(`/drafts/${id}/preview`)).toBe(200);
    const text = await window.text();
    expect(text).toContain('Nguyễn Thị Ví Dụ');
    expect(text).toContain(window.t('drafts:withheld.tag'));
  });

  /** Half an hour passes for everybody who is signed in at the office of Viet Nam. */
  const endSessions = () => passFor('active', 31);
  const endFreshness = () => passFor('authenticated', 6);

  async function passFor(time: 'active' | 'authenticated', minutes: number): Promise<void> {
    const sql = `UPDATE office_session SET sess = jsonb_set(sess::jsonb, ARRAY['who', $1], to_jsonb($2::bigint))::json WHERE sess::jsonb ? 'who'`;
    await (await nodes.database('vn')).query(sql, [time, Date.now() - minutes * 60_000]);
  }
});
