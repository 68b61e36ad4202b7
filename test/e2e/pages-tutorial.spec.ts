import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { hasChromium, startChromium } from '../harness/browser';
import { OfficerWindow } from '../harness/officer-window';
import { ROOT } from '../harness/paths';
import { startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const FOLDER = path.join(ROOT, 'docs', 'tutorials');
const IMAGES = path.join(FOLDER, 'images');
const TUTORIAL = readFileSync(path.join(FOLDER, 'first-referral.md'), 'utf8');

/** Whoever follows the tutorial: does what it says, by the names that it gives, and looks at the same pictures. */
class Newcomer {
  readonly named = new Set<string>();
  readonly pictures = new Set<string>();

  constructor(readonly window: OfficerWindow) {}

  async press(name: string): Promise<void> {
    this.named.add(name);
    await this.window.press(name);
  }

  async pick(...names: string[]): Promise<void> {
    for (const name of names) {
      this.named.add(name);
      await this.window.page.getByLabel(name, { exact: true }).first().check();
    }
  }

  async choose(question: string, answer: string): Promise<void> {
    this.named.add(question).add(answer);
    await this.window.page.getByLabel(question, { exact: true }).first().selectOption({ label: answer });
  }

  async type(question: string, answer: string): Promise<void> {
    this.named.add(question).add(answer);
    await this.window.page.getByLabel(question, { exact: true }).first().fill(answer);
  }

  async sees(text: string): Promise<void> {
    this.named.add(text);
    await waitFor(`the page to say "${text}"`, async () => (await this.window.text()).includes(text));
  }

  /** Signs in as the person with a name, from the first page of the office. */
  async signIn(name: string): Promise<void> {
    this.named.add(name);
    await this.press('Sign in');
    const { page, office } = this.window;
    await Promise.all([
      page.waitForURL((url) => url.origin === new URL(office).origin),
      page.getByRole('button', { name }).first().click(),
    ]);
    await this.window.settle();
  }

  /** Opens a page of the task list, answers it and comes back. */
  async answer(title: string, how: () => Promise<void>): Promise<void> {
    this.named.add(title);
    if (!(await this.window.page.getByRole('link', { name: title, exact: true }).first().isVisible()))
      await this.window.page.locator('summary').first().click();
    await this.window.press(title);
    await how();
    await this.press('Save and return to the task list');
  }

  /**
   * The picture at this place of the tutorial. It is only written anew when TRAO_PICTURES asks for that: each run has other times on it.
   * @param at a button that must be on it
   */
  async picture(name: string, at?: string): Promise<void> {
    this.pictures.add(name);
    if (process.env['TRAO_PICTURES'] === undefined) return;
    const { page } = this.window;
    if (at !== undefined) await page.getByRole('button', { name: at }).scrollIntoViewIfNeeded();
    mkdirSync(IMAGES, { recursive: true });
    await page.screenshot({ path: path.join(IMAGES, name) });
  }
}

const inBrowser = hasChromium() ? describe : describe.skip;
inBrowser('the tutorial "First referral"', () => {
  let nodes: TwoNodes;
  let browser: Browser;
  beforeAll(async () => {
    [nodes, browser] = await Promise.all([startTwoNodes(), startChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await nodes?.stop();
  });

  const newcomerAt = async (node: NodeId): Promise<Newcomer> => {
    const window = await OfficerWindow.open(browser, nodes, { node, language: 'en' });
    await window.page.setViewportSize({ width: 1000, height: 700 });
    await window.page.goto(window.office);
    await window.settle();
    return new Newcomer(window);
  };

  it('can be followed word by word', async () => {
    const vn = await newcomerAt('vn');
    await vn.signIn('Trần Văn Mẫu');
    await vn.sees('My work');
    await vn.press('New referral');
    await vn.press('Start');
    for (const choice of [
      'United Kingdom',
      'Home Office, Single Competent Authority',
      'Protection in the receiving country',
      'Normal',
    ]) {
      await vn.pick(choice);
      await vn.press(choice === 'Normal' ? 'Start writing' : 'Continue');
    }
    await vn.picture('task-list.png');

    vn.named.add('All pages');
    await vn.answer('How the person is identified', () => vn.pick('Anonymous'));
    await vn.answer('Age', () => vn.pick('Adult'));
    await vn.answer('Gender and citizenship', async () => {
      await vn.pick('Female');
      await vn.choose('Country of citizenship 1', 'Viet Nam');
    });
    await vn.answer('Languages and help to communicate', async () => {
      await vn.choose('First language', 'Vietnamese');
      await vn.pick('Yes', 'Female interpreter');
    });
    await vn.answer('Risk', () => vn.pick('Medium', 'Nobody to rely on'));
    await vn.answer('Contact with family and consulate', async () => {
      vn.named.add('Not allowed');
      for (const box of await vn.window.page.getByLabel('Not allowed', { exact: true }).all()) await box.check();
    });
    await vn.answer('What the referral rests on', async () => {
      await vn.pick('The person was not asked, or said no');
      await vn.press('Save and continue');
      await vn.pick('Legal obligation');
    });
    await vn.answer('Exploitation', async () => {
      await vn.pick('Domestic servitude');
      await vn.picture('question.png');
    });
    await vn.answer('Decisions on victim status', async () => {
      await vn.choose('Decision or state', 'Possible victim');
      await vn.pick('Other');
    });
    await vn.answer('Where the person is', () => vn.choose('Country', 'United Kingdom'));
    await vn.answer('Services needed', async () => {
      await vn.choose('Service', 'Legal advice');
      await vn.pick('Normal');
    });
    await vn.answer('Your details', () => vn.type('Work telephone number', '+84 24 3825 0000'));

    await vn.press('Check and send');
    await vn.press('Ask for agreement');
    await vn.press('Sign out');
    await Promise.all([
      vn.window.page.waitForEvent('load'),
      vn.window.page.getByRole('button', { name: 'Sign out' }).click(),
    ]);
    await vn.window.settle();

    await vn.signIn('Nguyễn Thị Ví');
    await vn.press('Referral – Protection in the receiving country');
    await vn.press('Read and agree');
    await vn.picture('agree.png', 'Agree to this version');
    await vn.press('Agree to this version');
    await vn.press('Sign and send');
    await vn.sees('Referral sent');
    await vn.sees('Delivered');
    await vn.picture('sent.png');

    const gb = await newcomerAt('gb');
    await gb.signIn('Rhiannon Fabledale');
    await gb.sees('Needs my action');
    await gb.picture('work.png');
    const reference = gb.window.page.locator('tbody th a').first();
    await Promise.all([gb.window.page.waitForEvent('load'), reference.click()]);
    await gb.window.settle();
    await gb.picture('case.png');
    await gb.press('Acknowledge');
    await gb.press('Save and continue');
    await gb.answer('Your details', () => gb.type('Work telephone number', '+44 20 7946 0111'));
    await gb.press('Check and send');
    await gb.press('Sign and send');
    await gb.sees('Acknowledgement sent');

    await vn.press('Go to the case');
    await vn.pick('I supervise this work');
    await vn.press('Open the case');
    await vn.sees('Acknowledged');

    for (const { window } of [vn, gb]) expect(window.audit.faults).toEqual([]);
    // Everything in bold is the name of something that was there, and nothing that is needed is left out.
    const bold = new Set([...TUTORIAL.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text]) => text!.replaceAll(/\s+/g, ' ')));
    expect([...bold].toSorted()).toEqual([...new Set([...vn.named, ...gb.named])].toSorted());
    const shown = [...TUTORIAL.matchAll(/!\[[^\]]+\]\(images\/([\w-]+\.png)\)/g)].map(([, name]) => name!);
    expect(shown.toSorted()).toEqual([...vn.pictures, ...gb.pictures].toSorted());
    expect(readdirSync(IMAGES).toSorted()).toEqual(shown.toSorted());
    expect(shown.filter((name) => !existsSync(path.join(IMAGES, name)))).toEqual([]);
    await vn.window.close();
    await gb.window.close();
  });
});
