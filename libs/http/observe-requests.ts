import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { inLogContext, routeOf, type Logger } from '../platform';

/** A request that was answered. */
export interface SeenRequest {
  readonly method: string;
  /** The template of the route, such as `/v1/messages/:id`; a path itself may hold ids and never goes anywhere. */
  readonly route: string;
  readonly http: number;
  readonly ms: number;
}

/**
 * Gives every request an id of ours, which its answer names (`X-Correlation-Id`) and all its lines in the log carry. One that comes from
 * outside is not taken: it could say anything.
 * @param app to be called before anything else uses it
 * @param seen gets each answered request
 */
export function observeRequests(
  app: { use(handler: (request: Request, response: Response, next: NextFunction) => void): unknown },
  logger: Logger,
  seen: (request: SeenRequest) => void = () => undefined,
): void {
  app.use((request, response, next) => {
    const correlationId = correlationOf(response);
    response.setHeader('X-Correlation-Id', correlationId);
    const begun = performance.now();
    response.once('close', () => {
      const ms = Math.round((performance.now() - begun) * 1000) / 1000;
      const answered = { method: request.method, route: routeOf(request), http: response.statusCode, ms };
      inLogContext({ correlationId }, () => logger.log('request_answered', answered));
      seen(answered);
    });
    inLogContext({ correlationId }, next);
  });
}

/** The id of the request that a response answers. */
export function correlationOf({ locals }: Pick<Response, 'locals'>): string {
  locals['correlationId'] ??= randomUUID();
  return locals['correlationId'] as string;
}
