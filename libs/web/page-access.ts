import { SetMetadata } from '@nestjs/common';
import type { Request } from 'express';

const PAGE_ACCESS = 'trao:page';
const OWN_FORM = 'trao:own-form';

/** Who is signed in, as an entry of the local table. */
export interface Visitor {
  readonly id: string;
  readonly name?: string | undefined;
  readonly roles: readonly string[];
}

/** Who may see a page: the whole world, whoever is signed in, or people with one of these roles. */
export type PageAccess<Role extends string = string> = 'anybody' | 'signed_in' | readonly Role[];

/** A page without it is closed. */
export const markPage = (access: PageAccess) => SetMetadata(PAGE_ACCESS, access);

/** A route that reads its body itself, and looks for the form's token in it. */
export const ChecksOwnForm = () => SetMetadata(OWN_FORM, true);

export const pageAccessOf = (handler: object): PageAccess | undefined =>
  Reflect.getMetadata(PAGE_ACCESS, handler) as PageAccess | undefined;

export const checksOwnForm = (handler: object): boolean => Reflect.getMetadata(OWN_FORM, handler) === true;

type Visited = Request & { traoVisitor?: Visitor };

/** Who is signed in; undefined for nobody, and before the guard has looked. */
export const signedIn = (request: Request): Visitor | undefined => (request as Visited).traoVisitor;

export function setVisitor(request: Request, visitor: Visitor): void {
  (request as Visited).traoVisitor = visitor;
}

export const holdsOne = ({ roles }: Pick<Visitor, 'roles'>, wanted: readonly string[]): boolean =>
  roles.some((role) => wanted.includes(role));
