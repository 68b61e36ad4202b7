import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { loadTexts, type Language } from '../../libs/pages';
import { PageAudit } from './page-audit';
import { ROOT } from './paths';

/** An app with pages: the office or the monitor of a node. */
export interface Site {
  readonly app: 'office' | 'monitor';
  readonly url: string;
  /** Where people begin. */
  readonly first: string;
}

const textsOf = (app: Site['app']) =>
  loadTexts(['libs/pages', `apps/${app}`].map((home) => path.join(ROOT, home, 'locales')));
const TEXTS = { office: textsOf('office'), monitor: textsOf('monitor') };

/** What pages say in a language. @throws Error for a key that is not there: a test must not look for one */
const wordsIn = (app: Site['app'], language: Language) => (key: string, values?: Readonly<Record<string, unknown>>) => {
  const text = TEXTS[app](language)(key, values);
  if (text === key.replace(/^\w+:/, '')) throw new Error(`There is no text ${key}.`);
  return text;
};

/** Time for one step: the machine may be busy. */
const PATIENCE_MS = 20_000;

export interface SiteWindowOptions {
  readonly language: Language;
  /** Default true. */
  readonly javaScript?: boolean;
}

/** A browser window of one person, with cookies of its own, that checks each page it comes to. */
export class SiteWindow {
  readonly t: ReturnType<typeof wordsIn>;

  protected constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly audit: PageAudit,
    readonly site: Site,
    readonly language: Language,
    readonly javaScript: boolean,
  ) {
    this.t = wordsIn(site.app, language);
  }

  protected static async contextOf(browser: Browser, { language, javaScript = true }: SiteWindowOptions) {
    const locale = language === 'vi' ? 'vi-VN' : 'en-GB';
    const viewport = { width: 1200, height: 900 };
    const context = await browser.newContext({ javaScriptEnabled: javaScript, locale, viewport });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  protected static async pageOf(context: BrowserContext, { url }: Site, known?: PageAudit) {
    const audit = known ?? new PageAudit(context, new URL(url).origin);
    const page = await context.newPage();
    await audit.watch(page, context);
    return { page, audit };
  }

  /** Signs in as somebody, by the pages of the app and the identity provider, and is at `back`. */
  async signIn(sub: string, back = this.site.first): Promise<void> {
    await this.page.goto(this.site.url + back);
    await this.settle();
    await this.press(this.t(`${this.site.app}:signIn.button`));
    await this.chooseAtProvider(sub);
    await this.settle();
  }

  /** Clicks on a person on the page of the identity provider. */
  async chooseAtProvider(sub: string): Promise<void> {
    await Promise.all([
      this.page.waitForURL((url) => url.origin === new URL(this.site.url).origin),
      this.page.locator(`button[name=sub][value="${sub}"]`).first().click(),
    ]);
    await this.page.waitForLoadState();
  }

  /** Goes to a page of the app and answers its status. */
  async visit(where: string): Promise<number> {
    const response = await this.page.goto(this.site.url + where);
    await this.settle();
    return response?.status() ?? 0;
  }

  /** Presses the button or follows the link of this name, and waits for the page that comes. */
  async press(name: string | RegExp): Promise<void> {
    const exact = typeof name === 'string';
    const { page } = this;
    const one = page.getByRole('button', { name, exact }).or(page.getByRole('link', { name, exact }));
    if ((await one.count()) === 0)
      throw new Error(`Nothing is called "${String(name)}" at ${this.path}: ${await this.errors()}`);
    await Promise.all([page.waitForEvent('load'), one.first().click()]);
    await this.settle();
  }

  /** Presses the button at a selector, for those that have no name of their own. */
  async pressAt(selector: string): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.page.locator(selector).first().click()]);
    await this.settle();
  }

  /** What the page says is wrong; empty where it says nothing. */
  async errors(): Promise<string> {
    return (await this.page.locator('.govuk-error-summary').allInnerTexts()).join('\n');
  }

  /** Where the window is, without the app's address. */
  get path(): string {
    return this.page.url().replace(this.site.url, '');
  }

  heading = (): Promise<string> => this.page.locator('h1').first().innerText();
  text = (): Promise<string> => this.page.locator('body').innerText();

  /** The page is there: its bytes are counted, and axe has seen it. */
  async settle(): Promise<void> {
    await this.page.waitForLoadState();
    if (new URL(this.page.url()).origin !== new URL(this.site.url).origin) return;
    await this.audit.weigh();
    // What axe finds does not depend on our scripts, and it needs its own to run.
    if (this.javaScript) await this.audit.look(this.page, this.language);
  }

  close = (): Promise<void> => this.context.close();
}
