import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Role } from '../../libs/schema';
import type { NodeId, TwoNodes } from './two-nodes';

/** Somebody who holds one role in one unit, signed in already. */
export interface Planted {
  readonly id: string;
  readonly unit: string;
  readonly role: Role;
  /** For REST. */
  readonly bearer: string;
  /** The cookie of a session, and the token of its forms. */
  readonly cookie: string;
  readonly formToken: string;
}

/**
 * Puts people with one role each into the table of a node's office, and restarts it, which reads the table when it starts.
 * @param reasons why they open cases on which a colleague works, by referral
 */
export async function plantOfficers(
  nodes: TwoNodes,
  node: NodeId,
  units: readonly string[],
  roles: readonly Role[],
  reasons: Readonly<Record<string, string>> = {},
): Promise<Planted[]> {
  const { home, officePort } = nodes.layout.nodes.find(({ id }) => id === node)!;
  const secret = readFileSync(path.join(home, 'session.secret'), 'utf8').trim();
  const people = units.flatMap((unit) => roles.map((role) => plant(unit, role, secret, `trao_${officePort}`, reasons)));
  const file = path.join(home, 'clients.json');
  const clients = JSON.parse(readFileSync(file, 'utf8')) as object[];
  writeFileSync(file, JSON.stringify([...clients, ...people.map(({ entry }) => entry)]));
  await nodes.stopApp(node, 'office');
  await nodes.startApp(node, 'office');
  const database = await nodes.database(node);
  for (const { sid, session } of people) {
    const sql = `INSERT INTO office_session (sid, sess, expire) VALUES ($1, $2::json, now() + interval '1 hour')`;
    await database.query(sql, [sid, JSON.stringify(session)]);
  }
  return people.map(({ person }) => person);
}

function plant(unit: string, role: Role, secret: string, cookieName: string, reasons: object) {
  const [id, bearer, sid, secretOfForms] = [`${unit}/only-${role}`, random(), random(), randomBytes(24)];
  const entry = {
    id,
    subject: id,
    role: 'unit',
    unit,
    roles: [role],
    tokenSha256: createHash('sha256').update(bearer).digest('hex'),
  };
  const now = Date.now();
  const who = { officer: id, subject: id, idToken: 'none', since: now, active: now, authenticated: now };
  const cookie = {
    originalMaxAge: 3_600_000,
    expires: new Date(now + 3_600_000).toISOString(),
    httpOnly: true,
    path: '/',
    sameSite: 'lax',
  };
  // As express-session signs it.
  const signature = createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '');
  const person: Planted = {
    id,
    unit,
    role,
    bearer,
    cookie: `${cookieName}=${encodeURIComponent(`s:${sid}.${signature}`)}`,
    // Under a mask of zeros, which is as good as any other.
    formToken: [Buffer.alloc(secretOfForms.length), secretOfForms].map((part) => part.toString('base64url')).join('.'),
  };
  return { person, entry, sid, session: { cookie, who, csrfToken: secretOfForms.toString('hex'), reasons } };
}

const random = () => randomBytes(24).toString('base64url');
