import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import { clientOf, type Client } from './clients';
import { CLIENTS } from './tokens';

const ROLE = 'trao:role';

/** Who may call a route: clients of the unit in its path, or operators. A route without it is closed. */
export const AllowedFor = (role: Client['role'] | 'anybody') => SetMetadata(ROLE, role);

/** The client of a request that the guard has let in. */
export function clientOfRequest(request: Request): Client {
  const client = (request as { traoClient?: Client }).traoClient;
  if (!client) throw new TraoError('unauthenticated');
  return client;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const role = this.reflector.get<Client['role'] | 'anybody' | undefined>(ROLE, context.getHandler());
    if (role === 'anybody') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const client = clientOf(this.clients, request.headers.authorization);
    if (!client) throw new TraoError('unauthenticated');
    const ownUnit = client.role !== 'unit' || client.unit === request.params['unit'];
    if (client.role !== role || !ownUnit) throw new TraoError('forbidden');
    (request as { traoClient?: Client }).traoClient = client;
    return true;
  }
}
