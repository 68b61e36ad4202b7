import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, CDPSession, Page, Response } from 'playwright-core';

/** What axe has looked at in this test file: it looks once at each kind of page in each language, because it takes half a second. */
const looked = new Set<string>();

/** WCAG 2.2 AA, and what axe knows to be good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What a page loads beside its text, by the names of the browser's own protocol. Style and scripts are sent as gzip. */
const PARTS = ['Stylesheet', 'Script', 'Image', 'Font'];

/** What went over the wire for a page, in bytes as gzip makes them. */
export interface Weight {
  readonly path: string;
  readonly bytes: number;
  /** True for the first page that a browser sees: it loads style and scripts as well. */
  readonly first: boolean;
}

/**
 * Listens to all pages of a browser context: faults on the console, errors of scripts, what the security policy forbade, bytes. A page
 * that answers with an error status makes Chromium write one line on the console, which is no fault of the page.
 */
export class PageAudit {
  readonly faults: string[] = [];
  readonly weights: Weight[] = [];
  private loading: { readonly path: string; bytes: number; readonly text: Promise<number> } | undefined;

  constructor(
    context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('weberror', (error) => this.faults.push(`script: ${error.error().message}`));
    context.on('console', (message) => {
      const text = message.text();
      if (
        !['error', 'warning'].includes(message.type()) ||
        /^Failed to load resource: .* status of [45]\d\d/.test(text)
      )
        return;
      this.faults.push(`console at ${message.page()?.url() ?? ''}: ${text}`);
    });
    context.on('response', (response) => this.note(response));
  }

  /** Listens to one tab: what comes out of the browser's cache weighs nothing. */
  async watch(page: Page, context: BrowserContext): Promise<void> {
    const tab: CDPSession = await context.newCDPSession(page);
    const parts = new Set<string>();
    tab.on('Network.responseReceived', ({ requestId, type }) => {
      if (PARTS.includes(type)) parts.add(requestId);
    });
    tab.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (parts.delete(requestId) && this.loading) this.loading.bytes += encodedDataLength;
    });
    await tab.send('Network.enable');
  }

  /** A page is what a navigation within the office ends with. */
  private note(response: Response): void {
    const { pathname, origin } = new URL(response.url());
    if (origin !== this.origin || !response.request().isNavigationRequest() || response.status() < 200) return;
    if (response.status() >= 300 && response.status() < 400) return;
    const zipped = async () => gzipSync(await response.body().catch(() => Buffer.alloc(0)), { level: 9 }).length;
    this.loading = { path: pathname, bytes: 0, text: zipped() };
  }

  /** Leaves out faults that a test has caused itself. */
  forget(expected: RegExp): void {
    const others = this.faults.filter((fault) => !expected.test(fault));
    this.faults.splice(0, this.faults.length, ...others);
  }

  /** Ends the account of the page that is open now. */
  async weigh(): Promise<void> {
    const page = this.loading;
    if (!page) return;
    this.loading = undefined;
    const bytes = (await page.text) + page.bytes;
    this.weights.push({ path: page.path, bytes, first: this.weights.length === 0 });
  }

  /** Has axe look at a page. */
  async look(page: Page, language: string): Promise<void> {
    const kind = `${language} ${kindOf(page.url())}`;
    if (looked.has(kind)) return;
    looked.add(kind);
    // Our pages have no frames: axe runs in the page itself, which takes a third of the time, and reports what is wrong only.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await axe.withTags(RULES).analyze();
    for (const { id, help, nodes } of violations) {
      this.faults.push(`axe at ${kind}: ${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
    }
  }
}

/** An address without what differs from case to case: `/cases/0194…/timeline` → `/cases/:id/timeline`. */
function kindOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id');
}
