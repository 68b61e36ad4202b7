import { createHash, timingSafeEqual } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import { isOperatorRole, type OperatorRole } from '../../libs/monitoring';

/** A person, or a system for one, who watches the node. */
export interface Operator {
  readonly id: string;
  readonly roles: readonly OperatorRole[];
  /** Who they are at the identity provider; undefined for a system. */
  readonly subject?: string | undefined;
  readonly name?: string | undefined;
  /** Of the token by which a system speaks for them; undefined for somebody who only signs in. */
  readonly tokenSha256?: string | undefined;
}

/** True when a role may act: who watches over what others do does nothing that others would have to watch. */
const ACTING: readonly OperatorRole[] = ['operator_act', 'key_officer', 'registration_officer'];

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads the file of operators.
 * @throws TraoError `config_invalid`: no such form, an id, subject or token that stands twice, a role that is none of the monitor's (roles
 *   that read cases are none), an auditor who may act
 */
export function readOperators(text: string): readonly Operator[] {
  const list = parse(text).map(toOperator);
  for (const member of ['id', 'subject', 'tokenSha256'] as const) {
    const values = list.flatMap((operator) => operator[member] ?? []);
    if (new Set(values).size < values.length) throw invalid(`an operator's ${member} stands twice`);
  }
  return list;
}

function parse(text: string): Entry[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new TraoError('config_invalid', { detail: 'The list of operators is not JSON.', cause });
  }
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null)) return list as Entry[];
  throw invalid('The operators are a list of objects.');
}

function toOperator({ id, subject, name, tokenSha256, roles, ...rest }: Entry): Operator {
  const refuse = (why: string) => invalid(`operator ${String(id)}: ${why}`);
  if (typeof id !== 'string' || id === '') throw refuse('no id');
  // A unit, or anything else of the office, shows that this is the wrong file.
  if (Object.keys(rest).length > 0) throw refuse(`${Object.keys(rest).join(', ')} has no place here`);
  if (subject !== undefined && (typeof subject !== 'string' || subject === '')) throw refuse('subject');
  if (name !== undefined && typeof name !== 'string') throw refuse('name');
  if (tokenSha256 !== undefined && !(typeof tokenSha256 === 'string' && /^[0-9a-f]{64}$/.test(tokenSha256)))
    throw refuse('tokenSha256');
  if (tokenSha256 === undefined && subject === undefined) throw refuse('neither tokenSha256 nor subject');
  return { id, subject, name, tokenSha256, roles: rolesOf(roles, refuse) };
}

function rolesOf(roles: unknown, refuse: (why: string) => TraoError): readonly OperatorRole[] {
  if (!Array.isArray(roles) || roles.length === 0) throw refuse('no roles');
  const strange = roles.filter((role) => !isOperatorRole(role));
  if (strange.length > 0)
    throw refuse(`${strange.map(String).join(', ')}: not a role of operators; whoever reads cases is no operator`);
  const known = roles as OperatorRole[];
  if (new Set(known).size < known.length) throw refuse('a role stands twice');
  if (known.includes('auditor') && known.some((role) => ACTING.includes(role))) throw refuse('an auditor does not act');
  return known;
}

const invalid = (detail: string) => new TraoError('config_invalid', { detail });

/** The operator of a bearer token, or undefined. Every entry is compared, so that time tells nothing. */
export function operatorOfToken(
  operators: readonly Operator[],
  authorization: string | undefined,
): Operator | undefined {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? '')?.[1];
  if (!token) return undefined;
  const digest = createHash('sha256').update(token).digest();
  return operators.filter(
    ({ tokenSha256 }) => tokenSha256 && timingSafeEqual(Buffer.from(tokenSha256, 'hex'), digest),
  )[0];
}
