import type { Request } from 'express';
import { timeLeft, TIME_OUTS, type SignedIn } from '../../../../libs/sign-in';
import type { Operator } from '../../operators';

/** How stale the time of the last act may be, so that not every page writes the session. */
const ACTIVE_STEP_MS = 60_000;

/** The operator of a session that has not timed out, with the roles that both the local table and the provider give now. */
export function visitorIn(request: Request, operators: readonly Operator[], now: number): Operator | undefined {
  const who = request.session?.who;
  if (!who || timeLeft(who, now, TIME_OUTS) <= 0) return undefined;
  const operator = operatorIn(who, operators);
  if (operator && now - who.active > ACTIVE_STEP_MS) request.session.who = { ...who, active: now };
  return operator;
}

function operatorIn({ officer: id, subject, granted }: SignedIn, operators: readonly Operator[]): Operator | undefined {
  const entry = operators.find((operator) => operator.id === id);
  if (entry?.subject !== subject) return undefined;
  return withGranted(entry, granted);
}

/** An operator in the roles of the local table that the provider grants too, where it is asked; undefined without any. */
export function withGranted(operator: Operator, granted: readonly string[] | undefined): Operator | undefined {
  const roles = granted === undefined ? operator.roles : operator.roles.filter((role) => granted.includes(role));
  return roles.length === 0 ? undefined : { ...operator, roles };
}
