import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listedUnits } from '../../../libs/schema';
import { PROCESS_ROLES, type ProcessRole } from '../../../libs/storage';
import type { NodeLayout } from './layout';

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
  const units = listedUnits(node.id).map((unit) => unit.id);
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
