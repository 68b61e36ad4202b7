import { answersFor, answersOf, type Answers } from './answers';
import type { Document } from './examples';
import { fillForm } from './fill-form';
import type { OfficerWindow } from './officer-window';
import { waitFor } from './wait-for';

const MAX_PAGES = 40;
/** As little as a file must have to be taken for a PDF. */
export const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');

/** What an officer does with messages, page by page, as a person does it. */
export class CaseWork {
  constructor(
    readonly window: OfficerWindow,
    /** Who works here, for the identity provider. */
    readonly sub: string,
  ) {}

  private get t() {
    return this.window.t;
  }

  /** From "before you start" to the task list of an empty draft. Answers the id of the draft. */
  async start({ header }: Document): Promise<string> {
    const { window, t } = this;
    await window.visit('/new');
    await window.press(t('drafts:start.button'));
    const choices = {
      country: header.recipientUnit.split('.')[0]!,
      unit: header.recipientUnit,
      purpose: header.purpose!,
      priority: header.priority,
    };
    for (const [step, value] of Object.entries(choices)) {
      await window.page.locator(`[name="${step}"][value="${value}"]`).check();
      await window.press(t(step === 'priority' ? 'drafts:create' : 'drafts:continue'));
    }
    return this.draft;
  }

  /** The id of the draft that is open. */
  get draft(): string {
    return /^\/drafts\/([0-9a-f-]{36})/.exec(this.window.path)![1]!;
  }

  /** Answers every page of the draft whose task list is open. */
  async answerAll(answers: Answers): Promise<void> {
    const { window } = this;
    const list = `/drafts/${this.draft}`;
    const sections = await window.page
      .locator('.govuk-task-list__link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    for (const section of sections.filter((href) => !href.endsWith('/check'))) {
      await window.visit(section);
      await this.answerPages(answers, list);
    }
  }

  /** Answers the page that is open and those after it, until the task list is there. */
  async answerPages(answers: Answers, list = `/drafts/${this.draft}`): Promise<void> {
    const { window, t } = this;
    for (let pages = 0; window.path !== list; pages += 1) {
      if (pages > MAX_PAGES) throw new Error(`No end of pages at ${window.path}: ${await window.errors()}`);
      const before = window.path;
      if (before.endsWith('/attachments/files')) {
        await window.press(t('drafts:files.back'));
        continue;
      }
      if ((await window.page.locator('#signed-form').count()) > 0) {
        await window.page
          .locator('#signed-form')
          .setInputFiles({ name: 'signed.pdf', mimeType: 'application/pdf', buffer: PDF });
        await window.press(t('drafts:files.upload'));
        await window.press(t('drafts:continue'));
        continue;
      }
      await fillForm(window.page, answersFor(before, answers), (selector) => window.pressAt(selector));
      await window.press(t('drafts:save'));
      const errors = await window.errors();
      if (errors) throw new Error(`${window.path}: ${errors}`);
    }
  }

  /** Checks the answers of a draft and decides to keep texts in which something was found. @throws Error when it is not whole */
  async check(draft: string): Promise<void> {
    const { window } = this;
    await window.visit(`/drafts/${draft}/check`);
    await this.keepTexts();
    const errors = await window.errors();
    if (errors) throw new Error(`The draft is not whole: ${errors}`);
  }

  /** Asks a second officer to look at the draft that was checked. */
  ask = (): Promise<void> => this.window.press(this.t('drafts:ask.button'));

  private async keepTexts(): Promise<void> {
    const { window, t } = this;
    const reason = window.page.locator('[name=reason][value=names_nobody]').first();
    while ((await reason.count()) > 0) {
      await reason.check();
      await window.press(t('drafts:texts.keep'));
    }
  }

  /** Reads a draft that a colleague has asked about, and agrees to it, having proved anew who they are. */
  async agree(draft: string, kind: 'approve' | 'cosign' | 'override' = 'approve'): Promise<void> {
    const { window, t } = this;
    await window.visit(`/drafts/${draft}/approve`);
    const again = window.page.getByRole('button', { name: t('drafts:approve.signIn') });
    if ((await again.count()) > 0) {
      await window.press(t('drafts:approve.signIn'));
      await window.chooseAtProvider(this.sub);
      await window.settle();
    }
    await window.press(t(`drafts:approve.button.${kind}`));
  }

  /** Sends the draft, and answers the ids of case and message as the confirmation names them. */
  async send(draft: string): Promise<{ readonly referral: string; readonly message: string }> {
    const { window, t } = this;
    await window.visit(`/drafts/${draft}/check`);
    await window.press(t('drafts:send.button'));
    const [, referral, message] = /^\/cases\/([0-9a-f-]{36})\/sent\/([0-9a-f-]{36})$/.exec(window.path) ?? [];
    if (!referral || !message) throw new Error(`Not sent, but at ${window.path}: ${await window.text()}`);
    return { referral, message };
  }

  /** Answers a case with a message that needs nobody's agreement, from its button on the case to the confirmation. */
  async reply(
    referral: string,
    document: Document,
    timeZone: string,
  ): Promise<{ readonly referral: string; readonly message: string }> {
    const draft = await this.writeReply(referral, document, timeZone);
    return this.send(draft);
  }

  /** Writes an answer to a case, until its task list is there. Answers the id of the draft. */
  async writeReply(referral: string, document: Document, timeZone: string): Promise<string> {
    await this.enter(referral);
    await this.follow(`/cases/${referral}/reply/${document.header.messageType}`);
    const { draft } = this;
    const answers = answersOf(document, timeZone);
    await this.answerPages(answers);
    await this.answerAll(answers);
    return draft;
  }

  /** Opens a case, and says why where a colleague works on it. */
  async enter(referral: string): Promise<void> {
    const { window, t } = this;
    await window.visit(`/cases/${referral}`);
    const reason = window.page.locator('[name=code][value=covering]');
    if ((await reason.count()) === 0) return;
    await reason.check();
    await window.press(t('case:reason.open'));
  }

  /** Follows the link to a path, also one that is folded away. */
  private async follow(path: string): Promise<void> {
    const { page } = this.window;
    const link = page.locator(`a[href="${path}"]`).first();
    if ((await link.count()) === 0) throw new Error(`No link to ${path} at ${this.window.path}`);
    if (!(await link.isVisible())) await page.locator('summary').first().click();
    await this.window.pressAt(`a[href="${path}"]`);
  }

  /** Waits on the confirmation until the message has arrived: the page says it by itself, or when it is asked again without JavaScript. */
  async seeDelivered(): Promise<void> {
    const { window, t } = this;
    await waitFor('the confirmation to say that the message has arrived', async () => {
      const said = await window.page.locator('[data-live-text=delivery]').innerText();
      if (said === t('office:delivery.delivered')) return true;
      if (!window.javaScript) await window.press(t('drafts:sent.reload'));
      throw new Error(said);
    });
  }

  /** Looks at every page of a case. Answers their status codes, by page. */
  async look(referral: string): Promise<Readonly<Record<string, number>>> {
    await this.enter(referral);
    const seen: Record<string, number> = {};
    for (const page of CASE_PAGES) seen[page] = await this.window.visit(`/cases/${referral}${page}`);
    return seen;
  }
}

const CASE_PAGES = ['', '/timeline', '/messages', '/files', '/plans', '/access'];
