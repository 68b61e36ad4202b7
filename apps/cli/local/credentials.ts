import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROCESS_ROLES, type ProcessRole } from '../../../libs/storage';
import type { NodeLayout } from './layout';
import { peopleOf } from './people';

/** Secrets of one demonstration node, made once. */
export interface NodeCredentials {
  readonly databasePasswords: Readonly<Record<ProcessRole, string>>;
  /** Bearer tokens of the office's clients: officers (`UNIT`, `UNIT/liaison`, …), and `operator`. */
  readonly tokens: Readonly<Record<string, string>>;
  /** The file of clients says who each officer is at the identity provider; absent in folders of earlier versions. */
  readonly named?: boolean;
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
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const secretFile of [oidcSecretFile(node), sessionSecretFile(node)]) keepSecret(secretFile);
  if (known?.named && isComplete(known, clients)) return known;
  const credentials: NodeCredentials = {
    databasePasswords: Object.fromEntries(
      PROCESS_ROLES.map((role) => [role, known?.databasePasswords[role] ?? secret()]),
    ) as Record<ProcessRole, string>,
    tokens: Object.fromEntries(clients.map(({ id }) => [id, known?.tokens[id] ?? secret()])),
    named: true,
  };
  const digests = clients.map((client) => ({ ...client, tokenSha256: digestOf(credentials.tokens[client.id]!) }));
  writeFileSync(clientsFile(node), JSON.stringify(digests), { mode: 0o600 });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

export const clientsFile = (node: NodeLayout) => join(node.home, 'clients.json');

/** A folder of an earlier version lacks what came later. */
const isComplete = ({ tokens, databasePasswords }: NodeCredentials, clients: readonly Client[]) =>
  clients.every(({ id }) => tokens[id] !== undefined) &&
  PROCESS_ROLES.every((role) => databasePasswords[role] !== undefined);

/** What the office of a node proves itself with at its identity provider. */
export const oidcSecretFile = (node: NodeLayout) => join(node.home, 'oidc-client.secret');
/** What the office of a node signs its session cookies with. */
export const sessionSecretFile = (node: NodeLayout) => join(node.home, 'session.secret');

function keepSecret(file: string): void {
  if (!existsSync(file)) writeFileSync(file, secret(), { mode: 0o600 });
}

/** Everybody who may call the office of a node or sign in to it, without their tokens. */
function clientsOf(node: NodeLayout): Client[] {
  const officers = peopleOf(node).map(({ sub, name, unit, roles }) => ({
    id: sub,
    subject: sub,
    name,
    role: 'unit',
    unit: unit.id,
    roles,
  }));
  return [...officers, { id: 'operator', role: 'operator' }];
}

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');
