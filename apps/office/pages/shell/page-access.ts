import { SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../../../libs/errors';
import type { Role } from '../../../../libs/schema';
import type { Officer } from '../../clients';

const PAGE_ACCESS = 'trao:page';
const OWN_FORM = 'trao:own-form';

/** Who may see a page: the whole world, whoever is signed in, or officers with one of these roles. */
export type PageAccess = 'anybody' | 'signed_in' | readonly Role[];

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
export const PageFor = (access: PageAccess) => SetMetadata(PAGE_ACCESS, access);

/** A route that reads its body itself, and looks for the form's token in it. */
export const ChecksOwnForm = () => SetMetadata(OWN_FORM, true);

export const pageAccessOf = (handler: object): PageAccess | undefined =>
  Reflect.getMetadata(PAGE_ACCESS, handler) as PageAccess | undefined;

export const checksOwnForm = (handler: object): boolean => Reflect.getMetadata(OWN_FORM, handler) === true;

type Visited = Request & { traoVisitor?: Officer };

/** The officer who is signed in, in the roles that count now. @throws TraoError `unauthenticated` */
export function visitorOf(request: Request): Officer {
  const visitor = (request as Visited).traoVisitor;
  if (!visitor) throw new TraoError('unauthenticated');
  return visitor;
}

export const findVisitor = (request: Request): Officer | undefined => (request as Visited).traoVisitor;

export function setVisitor(request: Request, officer: Officer): void {
  (request as Visited).traoVisitor = officer;
}

export const holdsOne = ({ roles }: Pick<Officer, 'roles'>, wanted: readonly Role[]): boolean =>
  roles.some((role) => wanted.includes(role));
