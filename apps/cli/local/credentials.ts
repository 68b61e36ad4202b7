import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listedUnits } from '../../../libs/schema';
import { PROCESS_ROLES, type ProcessRole } from '../../../libs/storage';
import type { NodeLayout } from './layout';
import { POSTS } from './posts';

/** Secrets of one demonstration node, made once. */
export interface NodeCredentials {
  readonly databasePasswords: Readonly<Record<ProcessRole, string>>;
  /** Bearer tokens of the office's clients: officers (`UNIT`, `UNIT/liaison`, …), and `operator`. */
  readonly tokens: Readonly<Record<string, string>>;
}

interface Client {
  readonly id: string;
  readonly [member: string]: unknown;
}

const secret = () => randomBytes(24).toString('base64url');

/**
 * The secrets of a node; the first call makes them, and a later version adds what the folder of an earlier one lacks. The
 * office gets digests of the tokens only.
 */
export function ensureCredentials(node: NodeLayout): NodeCredentials {
  const file = join(node.home, 'credentials.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as NodeCredentials) : undefined;
  const clients = clientsOf(node);
  if (known && clients.every(({ id }) => known.tokens[id] !== undefined)) return known;
  const credentials: NodeCredentials = {
    databasePasswords:
      known?.databasePasswords ??
      (Object.fromEntries(PROCESS_ROLES.map((role) => [role, secret()])) as Record<ProcessRole, string>),
    tokens: Object.fromEntries(clients.map(({ id }) => [id, known?.tokens[id] ?? secret()])),
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const digests = clients.map((client) => ({ ...client, tokenSha256: digestOf(credentials.tokens[client.id]!) }));
  writeFileSync(clientsFile(node), JSON.stringify(digests), { mode: 0o600 });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

export const clientsFile = (node: NodeLayout) => join(node.home, 'clients.json');

/** Everybody who may call the office of a node, without their tokens. */
function clientsOf(node: NodeLayout): Client[] {
  const officers = listedUnits(node.id).flatMap(({ id: unit }) =>
    POSTS.map(({ ending, roles }) => ({ id: unit + ending, role: 'unit', unit, roles })),
  );
  return [...officers, { id: 'operator', role: 'operator' }];
}

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');
