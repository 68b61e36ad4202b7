import type { Browser, BrowserContext } from 'playwright-core';
import { officeUrlOf } from './officer-session';
import type { PageAudit } from './page-audit';
import { SiteWindow, type SiteWindowOptions } from './site-window';
import type { NodeId, TwoNodes } from './two-nodes';

export interface WindowOptions extends SiteWindowOptions {
  readonly node: NodeId;
}

const siteOf = (url: string) => ({ app: 'office', url, first: '/work' }) as const;

/** A browser window of one officer. */
export class OfficerWindow extends SiteWindow {
  static async open(browser: Browser, nodes: TwoNodes, options: WindowOptions): Promise<OfficerWindow> {
    const context = await SiteWindow.contextOf(browser, options);
    return OfficerWindow.tab(context, officeUrlOf(nodes, options.node), options);
  }

  private static async tab(
    context: BrowserContext,
    office: string,
    { language, javaScript = true }: SiteWindowOptions,
    known?: PageAudit,
  ) {
    const site = siteOf(office);
    const { page, audit } = await SiteWindow.pageOf(context, site, known);
    return new OfficerWindow(context, page, audit, site, language, javaScript);
  }

  get office(): string {
    return this.site.url;
  }

  /** A second tab of the same person. */
  secondTab = () => OfficerWindow.tab(this.context, this.office, this, this.audit);

  /** A tab of the same browser at the office of another node. */
  otherOffice = (nodes: TwoNodes, node: NodeId) => OfficerWindow.tab(this.context, officeUrlOf(nodes, node), this);
}
