import type { Request } from 'express';
import { TraoError } from '../../../../libs/errors';
import { markPage, signedIn, type PageAccess } from '../../../../libs/web';
import type { OperatorRole } from '../../../../libs/monitoring';
import type { Operator } from '../../operators';

/** Everybody who may look. */
export const WATCHERS = [
  'operator_read',
  'operator_act',
  'key_officer',
  'registration_officer',
  'auditor',
] as const satisfies readonly OperatorRole[];

/** Who sends again, holds queues and answers alerts. */
export const ACTORS = ['operator_act'] as const satisfies readonly OperatorRole[];

/** Who suspends, resumes and tests partners. */
export const REGISTRARS = ['operator_act', 'registration_officer'] as const satisfies readonly OperatorRole[];

/** A page without it is closed. */
export const PageFor = (access: PageAccess<OperatorRole>) => markPage(access);

/** The operator who is signed in, in the roles that count now. @throws TraoError `unauthenticated` */
export function operatorOf(request: Request): Operator {
  const operator = findOperator(request);
  if (!operator) throw new TraoError('unauthenticated');
  return operator;
}

/** The guard lets operators in and nobody else. */
export const findOperator = (request: Request): Operator | undefined => signedIn(request) as Operator | undefined;
