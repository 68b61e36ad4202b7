import type { Request } from 'express';
import { TraoError } from '../../../../libs/errors';
import type { Role } from '../../../../libs/schema';
import { markPage, signedIn, type PageAccess } from '../../../../libs/web';
import type { Officer } from '../../clients';

/** Roles that read what the messages of their unit say (domain §2). */
export const READERS = [
  'case_officer',
  'liaison_officer',
  'receiving_desk',
  'caseworker',
  'child_protection_officer',
  'dpo',
  'delegation_chair',
] as const satisfies readonly Role[];

/** Roles that write a referral (domain §3.2). */
export const WRITERS = ['case_officer', 'liaison_officer', 'caseworker'] as const satisfies readonly Role[];

/** A page without it is closed. */
export const PageFor = (access: PageAccess<Role>) => markPage(access);

/** The officer who is signed in, in the roles that count now. @throws TraoError `unauthenticated` */
export function visitorOf(request: Request): Officer {
  const visitor = findVisitor(request);
  if (!visitor) throw new TraoError('unauthenticated');
  return visitor;
}

/** The guard lets officers in and nobody else. */
export const findVisitor = (request: Request): Officer | undefined => signedIn(request) as Officer | undefined;
