import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import { clientOf, readsContent, type Client, type Officer } from './clients';
import { assertMayVisit, pageAccessOf } from '../../libs/web';
import { visitorIn } from './pages/shell/visitor';
import { CLIENTS } from './tokens';

const ACCESS = 'trao:access';

/**
 * Who may call a route. `officer`: clients of the unit in its path with a role that reads content; `unit`: every client of that
 * unit; `operator`: operators of the node; `client`: whoever has a token; `anybody`: the whole world.
 */
type Access = 'officer' | 'unit' | 'operator' | 'client' | 'anybody';

/** A route without it is closed. */
export const AllowedFor = (access: Access) => SetMetadata(ACCESS, access);

/** The officer of a request that the guard has let in to a path of their unit. */
export function officerOf(request: Request): Officer {
  const client = (request as { traoClient?: Client }).traoClient;
  if (client?.role !== 'unit') throw new TraoError('unauthenticated');
  return client;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const page = pageAccessOf(context.getHandler());
    if (page !== undefined) {
      const request = context.switchToHttp().getRequest<Request>();
      assertMayVisit(context, page, visitorIn(request, this.clients, Date.now()));
      return true;
    }
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'anybody') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const client = clientOf(this.clients, request.headers.authorization);
    if (!client) throw new TraoError('unauthenticated');
    if (!mayCall(client, access, request.params['unit'])) throw new TraoError('forbidden');
    (request as { traoClient?: Client }).traoClient = client;
    return true;
  }
}

function mayCall(client: Client, access: Exclude<Access, 'anybody'> | undefined, unit: unknown): boolean {
  switch (access) {
    case 'officer':
      return client.role === 'unit' && client.unit === unit && readsContent(client);
    case 'unit':
      return client.role === 'unit' && client.unit === unit;
    case 'operator':
      return client.role === 'operator';
    case 'client':
      return true;
    case undefined:
      return false;
  }
}
