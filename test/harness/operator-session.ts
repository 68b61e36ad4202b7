import { monitorUrlOf } from './operator-window';
import { SiteSession } from './site-session';
import type { NodeId, TwoNodes } from './two-nodes';

/** An operator at the pages of a monitor over plain HTTP. */
export class OperatorSession extends SiteSession {
  constructor(nodes: TwoNodes, node: NodeId, language: 'vi' | 'en' = 'en') {
    super(monitorUrlOf(nodes, node), '/overview', language);
  }

  /** @param sub such as `monitor/operator` */
  static async of(nodes: TwoNodes, node: NodeId, sub: string, language: 'vi' | 'en' = 'en'): Promise<OperatorSession> {
    const session = new OperatorSession(nodes, node, language);
    await session.signIn(sub);
    return session;
  }
}
