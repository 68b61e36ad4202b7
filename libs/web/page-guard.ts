import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../errors';
import { isOwnForm } from '../sign-in';
import { checksOwnForm, holdsOne, setVisitor, type PageAccess, type Visitor } from './page-access';

const READS_ONLY = ['GET', 'HEAD'];

/**
 * Lets a request in to a page. A form of another site, or of a session of before, gets nowhere.
 * @param visitor who is signed in, in the roles that count now
 * @throws TraoError `unauthenticated`, `forbidden`, `form_expired`
 */
export function assertMayVisit(context: ExecutionContext, access: PageAccess, visitor: Visitor | undefined): void {
  const request = context.switchToHttp().getRequest<Request>();
  if (visitor) setVisitor(request, visitor);
  if (access === 'anybody') return;
  if (!visitor) throw new TraoError('unauthenticated');
  if (access !== 'signed_in' && !holdsOne(visitor, access)) throw new TraoError('forbidden');
  if (READS_ONLY.includes(request.method)) return;
  assertSameSite(request);
  if (!checksOwnForm(context.getHandler()) && !isOwnForm(request)) throw new TraoError('form_expired');
}

/** Browsers say where a request comes from (Fetch Metadata); one that does not is judged by its token alone. */
function assertSameSite(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') throw new TraoError('forbidden');
}
