import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { officeUrl, type Layout, type NodeLayout } from './layout';

/** How the command line reaches the offices of a running demonstration. */
export interface Access {
  readonly nodes: readonly {
    readonly id: string;
    readonly office: string;
    readonly tokens: Readonly<Record<string, string>>;
  }[];
}

const accessFile = (folder: string) => join(folder, 'access.json');

export function saveAccess(layout: Layout, tokensOf: (node: NodeLayout) => Readonly<Record<string, string>>): void {
  const nodes = layout.nodes.map((node) => ({ id: node.id, office: officeUrl(node), tokens: tokensOf(node) }));
  writeFileSync(accessFile(layout.folder), JSON.stringify({ nodes }), { mode: 0o600 });
}

/** Undefined when no demonstration has been started in that folder. */
export function readAccess(folder: string): Access | undefined {
  const file = accessFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Access) : undefined;
}
