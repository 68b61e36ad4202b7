import type { Request } from 'express';
import { timeLeft, TIME_OUTS, type SignedIn } from '../../../../libs/sign-in';
import type { Client, Officer } from '../../clients';

/** How stale the time of the last act may be, so that not every page writes the session. */
const ACTIVE_STEP_MS = 60_000;

/**
 * The officer of a session that has not timed out, with the roles that both the local table and the provider give now. Somebody whose
 * entry is gone is nobody.
 */
export function visitorIn(request: Request, clients: readonly Client[], now: number): Officer | undefined {
  const who = request.session?.who;
  if (!who || timeLeft(who, now, TIME_OUTS) <= 0) return undefined;
  const officer = officerIn(who, clients);
  if (officer && now - who.active > ACTIVE_STEP_MS) request.session.who = { ...who, active: now };
  return officer;
}

/** The officer of a session, whether it has timed out or not. */
export function officerIn(
  { officer: id, subject, granted }: SignedIn,
  clients: readonly Client[],
): Officer | undefined {
  const entry = clients.find((client): client is Officer => client.role === 'unit' && client.id === id);
  if (entry?.subject !== subject) return undefined;
  const roles = rolesIn(entry, granted);
  return roles.length === 0 ? undefined : { ...entry, roles };
}

/** Roles of the local table that the provider grants too, where it is asked. */
export function rolesIn({ roles }: Officer, granted: readonly string[] | undefined): Officer['roles'] {
  return granted === undefined ? roles : roles.filter((role) => granted.includes(role));
}
