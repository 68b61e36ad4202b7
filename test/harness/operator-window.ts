import type { Browser } from 'playwright-core';
import { SiteWindow } from './site-window';
import type { WindowOptions } from './officer-window';
import type { NodeId, TwoNodes } from './two-nodes';

/** The address of a node's monitor. */
export const monitorUrlOf = (nodes: TwoNodes, node: NodeId): string => {
  const url = nodes.access.nodes.find(({ id }) => id === node)?.monitor;
  if (url === undefined) throw new Error(`No monitor of ${node} runs.`);
  return url;
};

/** A browser window of one operator at the monitor of a node. */
export class OperatorWindow extends SiteWindow {
  static async open(browser: Browser, nodes: TwoNodes, options: WindowOptions): Promise<OperatorWindow> {
    const { node, language, javaScript = true } = options;
    const site = { app: 'monitor', url: monitorUrlOf(nodes, node), first: '/overview' } as const;
    const context = await SiteWindow.contextOf(browser, options);
    const { page, audit } = await SiteWindow.pageOf(context, site);
    return new OperatorWindow(context, page, audit, site, language, javaScript);
  }
}
