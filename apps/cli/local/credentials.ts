import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROCESS_ROLES, type ProcessRole } from '../../../libs/storage';
import type { NodeLayout } from './layout';
import { operatorsOf } from './operator-people';
import { peopleOf } from './people';

/** Secrets of one demonstration node, made once. */
export interface NodeCredentials {
  readonly databasePasswords: Readonly<Record<ProcessRole, string>>;
  /** Bearer tokens of the office's clients: officers (`UNIT`, `UNIT/liaison`, …), and `operator`. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Bearer tokens of operators at the monitor (`monitor/operator`, …). */
  readonly operatorTokens: Readonly<Record<string, string>>;
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
  for (const app of ['office', 'monitor'] as const)
    for (const secretFile of [oidcSecretFile(node, app), sessionSecretFile(node, app)]) keepSecret(secretFile);
  const operators = operatorEntries(node);
  if (known?.named && isComplete(known, clients, operators)) return known;
  const credentials: NodeCredentials = {
    databasePasswords: Object.fromEntries(
      PROCESS_ROLES.map((role) => [role, known?.databasePasswords[role] ?? secret()]),
    ) as Record<ProcessRole, string>,
    tokens: Object.fromEntries(clients.map(({ id }) => [id, known?.tokens[id] ?? secret()])),
    operatorTokens: Object.fromEntries(operators.map(({ id }) => [id, known?.operatorTokens?.[id] ?? secret()])),
    named: true,
  };
  const withDigests = (entries: readonly Client[], tokens: Readonly<Record<string, string>>) =>
    JSON.stringify(entries.map((entry) => ({ ...entry, tokenSha256: digestOf(tokens[entry.id]!) })));
  writeFileSync(clientsFile(node), withDigests(clients, credentials.tokens), { mode: 0o600 });
  writeFileSync(operatorsFile(node), withDigests(operators, credentials.operatorTokens), { mode: 0o600 });
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

export const operatorsFile = (node: NodeLayout) => join(node.home, 'operators.json');
export const clientsFile = (node: NodeLayout) => join(node.home, 'clients.json');

/** A folder of an earlier version lacks what came later. */
const isComplete = (
  { tokens, operatorTokens, databasePasswords }: Partial<NodeCredentials>,
  clients: readonly Client[],
  operators: readonly Client[],
) =>
  clients.every(({ id }) => tokens?.[id] !== undefined) &&
  operators.every(({ id }) => operatorTokens?.[id] !== undefined) &&
  PROCESS_ROLES.every((role) => databasePasswords?.[role] !== undefined);

/** An app that people sign in to. */
type SignInApp = 'office' | 'monitor';
const before = (app: SignInApp) => (app === 'office' ? '' : `${app}-`);

/** What an app of a node proves itself with at its identity provider. */
export const oidcSecretFile = (node: NodeLayout, app: SignInApp) => join(node.home, `${before(app)}oidc-client.secret`);
/** What an app of a node signs its session cookies with. */
export const sessionSecretFile = (node: NodeLayout, app: SignInApp) => join(node.home, `${before(app)}session.secret`);

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

/** Everybody who may use the monitor of a node, without their tokens. */
const operatorEntries = (node: NodeLayout): Client[] =>
  operatorsOf(node).map(({ sub, name, roles }) => ({ id: sub, subject: sub, name, roles }));

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');
