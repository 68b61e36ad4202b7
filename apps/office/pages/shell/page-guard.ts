import type { ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../../../libs/errors';
import { isOwnForm } from '../../../../libs/sign-in';
import type { Client } from '../../clients';
import { checksOwnForm, holdsOne, setVisitor, type PageAccess } from './page-access';
import { visitorIn } from './visitor';

const READS_ONLY = ['GET', 'HEAD'];

/**
 * Lets a request in to a page. A form of another site, or of a session of before, gets nowhere.
 * @throws TraoError `unauthenticated`, `forbidden`, `form_expired`
 */
export function assertMayVisit(context: ExecutionContext, access: PageAccess, clients: readonly Client[]): void {
  const request = context.switchToHttp().getRequest<Request>();
  const officer = visitorIn(request, clients, Date.now());
  if (officer) setVisitor(request, officer);
  if (access === 'anybody') return;
  if (!officer) throw new TraoError('unauthenticated');
  if (access !== 'signed_in' && !holdsOne(officer, access)) throw new TraoError('forbidden');
  if (READS_ONLY.includes(request.method)) return;
  assertSameSite(request);
  if (!checksOwnForm(context.getHandler()) && !isOwnForm(request)) throw new TraoError('form_expired');
}

/** Browsers say where a request comes from (Fetch Metadata); one that does not is judged by its token alone. */
function assertSameSite(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') throw new TraoError('forbidden');
}
