import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import unitList from '../../../schemas/codes/v1/units.json';
import { PROCESS_ROLES, type ProcessRole } from '../../../libs/storage';
import { officeUrl, type Layout, type NodeLayout } from './layout';

/** Secrets of one demonstration node, made once. */
export interface NodeCredentials {
  readonly databasePasswords: Readonly<Record<ProcessRole, string>>;
  /** Bearer tokens of the office's clients: unit ids, and `operator`. */
  readonly tokens: Readonly<Record<string, string>>;
}

const secret = () => randomBytes(24).toString('base64url');

/** The secrets of a node; the first call makes them. The office gets digests of the tokens only. */
export function ensureCredentials(node: NodeLayout): NodeCredentials {
  const file = join(node.home, 'credentials.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as NodeCredentials;
  const units = unitList.entries.filter((unit) => unit.node === node.id).map((unit) => unit.id);
  const credentials: NodeCredentials = {
    databasePasswords: Object.fromEntries(PROCESS_ROLES.map((role) => [role, secret()])) as Record<ProcessRole, string>,
    tokens: Object.fromEntries([...units, 'operator'].map((id) => [id, secret()])),
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(clientsFile(node), JSON.stringify(clientsOf(credentials)), { mode: 0o600 });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

export const clientsFile = (node: NodeLayout) => join(node.home, 'clients.json');

function clientsOf({ tokens }: NodeCredentials) {
  return Object.entries(tokens).map(([id, token]) => {
    const tokenSha256 = createHash('sha256').update(token).digest('hex');
    return id === 'operator' ? { id, tokenSha256, role: 'operator' } : { id, tokenSha256, role: 'unit', unit: id };
  });
}

/** How the command line reaches the offices of a running demonstration. */
export interface Access {
  readonly nodes: readonly { readonly id: string; readonly office: string; readonly tokens: Readonly<Record<string, string>> }[];
}

const accessFile = (folder: string) => join(folder, 'access.json');

export function saveAccess(layout: Layout): void {
  const nodes = layout.nodes.map((node) => ({ id: node.id, office: officeUrl(node), tokens: ensureCredentials(node).tokens }));
  writeFileSync(accessFile(layout.folder), JSON.stringify({ nodes }), { mode: 0o600 });
}

/** Undefined when no demonstration has been started in that folder. */
export function readAccess(folder: string): Access | undefined {
  const file = accessFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Access) : undefined;
}
