import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeCredentials } from './credentials';
import { monitorUrl, officeUrl, type Layout, type NodeLayout } from './layout';

/** How the command line reaches offices and monitors of a running demonstration. */
export interface Access {
  readonly nodes: readonly {
    readonly id: string;
    readonly office: string;
    readonly tokens: Readonly<Record<string, string>>;
    /** Absent in folders of earlier versions, and where no monitor runs. */
    readonly monitor?: string;
    readonly operatorTokens?: Readonly<Record<string, string>>;
  }[];
}

const accessFile = (folder: string) => join(folder, 'access.json');

export function saveAccess(
  layout: Layout,
  secretsOf: (node: NodeLayout) => Pick<NodeCredentials, 'tokens' | 'operatorTokens'>,
  monitors: boolean,
): void {
  const nodes: Access['nodes'] = layout.nodes.map((node) => {
    const { tokens, operatorTokens } = secretsOf(node);
    const watched = monitors && { monitor: monitorUrl(node), operatorTokens };
    return { id: node.id, office: officeUrl(node), tokens, ...watched };
  });
  writeFileSync(accessFile(layout.folder), JSON.stringify({ nodes }), { mode: 0o600 });
}

/** Undefined when no demonstration has been started in that folder. */
export function readAccess(folder: string): Access | undefined {
  const file = accessFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Access) : undefined;
}
