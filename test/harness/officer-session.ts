import { SiteSession } from './site-session';
import type { NodeId, TwoNodes } from './two-nodes';

/** The address of a node's office. */
export const officeUrlOf = (nodes: TwoNodes, node: NodeId): string =>
  nodes.access.nodes.find(({ id }) => id === node)!.office;

/** An officer at the pages of an office over plain HTTP. */
export class OfficerSession extends SiteSession {
  constructor(nodes: TwoNodes, node: NodeId, language: 'vi' | 'en' = 'en') {
    super(officeUrlOf(nodes, node), '/work', language);
  }

  static async of(nodes: TwoNodes, sub: string, language: 'vi' | 'en' = 'en'): Promise<OfficerSession> {
    const session = new OfficerSession(nodes, sub.split('.')[0] as NodeId, language);
    await session.signIn(sub);
    return session;
  }

  get office(): string {
    return this.url;
  }
}
