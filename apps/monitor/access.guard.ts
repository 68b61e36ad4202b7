import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import type { OperatorRole } from '../../libs/monitoring';
import { assertMayVisit, holdsOne, pageAccessOf } from '../../libs/web';
import { operatorOfToken, type Operator } from './operators';
import { visitorIn } from './pages/shell/visitor';
import { OPERATORS } from './tokens';

const ACCESS = 'trao:monitor-access';

/** Which operators may call a route for programs, by their token. A route without it, or without `PageFor`, is closed. */
export const AllowedFor = (roles: readonly OperatorRole[] | 'anybody') => SetMetadata(ACCESS, roles);

/** The operator of a request of a program. @throws TraoError `unauthenticated` */
export function callerOf(request: Request): Operator {
  const { traoOperator } = request as { traoOperator?: Operator };
  if (!traoOperator) throw new TraoError('unauthenticated');
  return traoOperator;
}

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(OPERATORS) private readonly operators: readonly Operator[],
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const page = pageAccessOf(context.getHandler());
    if (page !== undefined) {
      assertMayVisit(context, page, visitorIn(request, this.operators, Date.now()));
      return true;
    }
    const access = this.reflector.get<readonly OperatorRole[] | 'anybody' | undefined>(ACCESS, context.getHandler());
    if (access === 'anybody') return true;
    const operator = operatorOfToken(this.operators, request.headers.authorization);
    if (!operator) throw new TraoError('unauthenticated');
    if (access === undefined || !holdsOne(operator, access)) throw new TraoError('forbidden');
    (request as { traoOperator?: Operator }).traoOperator = operator;
    return true;
  }
}
