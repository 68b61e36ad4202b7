import { createHash, timingSafeEqual } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import type { Actor } from '../../libs/casework';
import type { Role } from '../../libs/schema';

/** A person, or a system for one, who works for one unit in the roles of domain §2. */
export interface Officer extends Actor {
  readonly role: 'unit';
  /** Of the token by which a system speaks for them; undefined for somebody who only signs in. */
  readonly tokenSha256?: string | undefined;
  /** Who they are at the identity provider; undefined for a system. One person may stand here once for each of several units. */
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
}

/** Somebody who sees deliveries of the whole node and never content. */
export interface NodeOperator {
  readonly id: string;
  readonly role: 'operator';
  readonly tokenSha256: string;
}

/** Who may call this office. A token is kept as a digest only. */
export type Client = Officer | NodeOperator;

/** Every role, and whether it reads what messages say (domain §2). One person never has both kinds. */
const READS_CONTENT: Readonly<Record<Role, boolean>> = {
  case_officer: true,
  liaison_officer: true,
  receiving_desk: true,
  caseworker: true,
  child_protection_officer: true,
  dpo: true,
  delegation_chair: true,
  operator: false,
  auditor: false,
  statistics_officer: false,
};

export const ROLES = Object.keys(READS_CONTENT) as Role[];

/** True when somebody may read what the messages of their unit say. */
export const readsContent = ({ roles }: Pick<Actor, 'roles'>) => roles.some((role) => READS_CONTENT[role]);

/**
 * Reads the file of clients.
 * @throws TraoError `config_invalid`: no such form, an id or a token that stands twice (who approves with the token of the
 *   author is no second officer), unknown or doubled roles, roles that no one person may have together
 */
export function readClients(text: string): readonly Client[] {
  const list = parse(text);
  assertOnce(
    'id',
    list.map(({ id }) => id),
  );
  const tokens = list.flatMap(({ tokenSha256 }) => (tokenSha256 === undefined ? [] : [tokenSha256]));
  assertOnce('tokenSha256', tokens);
  // Whoever stood twice in a unit could be their own second officer.
  const people = list.flatMap(({ subject, unit }) => (subject === undefined ? [] : [JSON.stringify([subject, unit])]));
  assertOnce('subject of one unit', people);
  return list.map(toClient);
}

function assertOnce(member: string, values: readonly unknown[]): void {
  if (new Set(values).size < values.length) throw invalid(`a client ${member} stands twice`);
}

type Entry = Readonly<Record<string, unknown>>;

function parse(text: string): Entry[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: 'The list of clients is not JSON.', cause });
  }
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null)) return list as Entry[];
  throw invalid('The clients are a list of objects.');
}

function toClient({ id, tokenSha256, role, unit, roles, subject, name }: Entry): Client {
  const refuse = (why: string) => invalid(`client ${String(id)}: ${why}`);
  if (typeof id !== 'string' || id === '') throw refuse('no id');
  if (tokenSha256 !== undefined && !isDigest(tokenSha256)) throw refuse('tokenSha256');
  if (subject !== undefined && (typeof subject !== 'string' || subject === '')) throw refuse('subject');
  if (name !== undefined && typeof name !== 'string') throw refuse('name');
  if (tokenSha256 === undefined && subject === undefined) throw refuse('neither tokenSha256 nor subject');
  switch (role) {
    case 'operator':
      if (unit !== undefined || roles !== undefined) throw refuse('an operator has no unit and no roles in one');
      if (tokenSha256 === undefined) throw refuse('tokenSha256');
      return { id, tokenSha256, role };
    case 'unit':
      if (typeof unit !== 'string') throw refuse('no unit');
      return { id, tokenSha256, role, unit, roles: rolesOf(roles, refuse), subject, name };
    default:
      throw refuse('role is unit or operator');
  }
}

const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function rolesOf(roles: unknown, refuse: (why: string) => TraoError): readonly Role[] {
  if (!Array.isArray(roles) || roles.length === 0) throw refuse('no roles');
  const known = roles.filter((role): role is Role => ROLES.includes(role as Role));
  if (known.length < roles.length) throw refuse('an unknown role');
  if (new Set(known).size < known.length) throw refuse('a role stands twice');
  const reading = known.filter((role) => READS_CONTENT[role]);
  if (reading.length > 0 && reading.length < known.length) {
    throw refuse('operator, auditor and statistics_officer read no content, so they go with no role that does');
  }
  return known;
}

const invalid = (detail: string) => new TraoError('config_invalid', { detail });

/** The client of a bearer token, or undefined. Every entry is compared, so that time tells nothing. */
export function clientOf(clients: readonly Client[], authorization: string | undefined): Client | undefined {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? '')?.[1];
  if (!token) return undefined;
  const digest = createHash('sha256').update(token).digest();
  return clients.filter(
    ({ tokenSha256 }) => tokenSha256 && timingSafeEqual(Buffer.from(tokenSha256, 'hex'), digest),
  )[0];
}

/** Everybody whom a person may act as: one for each unit that they work in. */
export function officersOf(clients: readonly Client[], subject: string): Officer[] {
  return clients.filter((client): client is Officer => client.role === 'unit' && client.subject === subject);
}
