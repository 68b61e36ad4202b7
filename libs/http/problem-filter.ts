import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { TraoError, asTraoError, entryOf, meaningOf, type Code } from '../errors';
import { inLogContext, type Logger } from '../platform';
import { correlationOf } from './observe-requests';

/** `application/problem+json` (RFC 9457) with our stable members. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly titleVi: string;
  readonly status: number;
  readonly code: Code;
  readonly correlationId: string;
  readonly detail?: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly detail: string;
    readonly detailVi: string;
  }[];
}

const BUSY_S = 5;

const BY_STATUS: Readonly<Record<number, Code>> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  415: 'unsupported_media_type',
};

/** The one place where errors become HTTP. What is not ours becomes `internal` without any detail. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.answer(thrown, host);
  }

  /** The same for a filter that answers some requests in another way. */
  answer(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const error = fromHttp(thrown);
    const { http } = entryOf(error.code);
    const correlationId = correlationOf(response);
    inLogContext({ correlationId }, () =>
      this.logger.log(http >= 500 ? 'request_failed' : 'request_refused', { err: error, http }),
    );
    if (response.headersSent) return void response.end();
    const problem: Problem = {
      type: `urn:trao:problem:${error.code}`,
      title: meaningOf(error.code, 'en'),
      titleVi: meaningOf(error.code, 'vi'),
      status: http,
      code: error.code,
      correlationId,
      ...(error.detail && http < 500 && { detail: error.detail }),
      ...(error.faults.length > 0 && {
        errors: error.faults.map(({ pointer, code, rule, ruleVi }) => ({
          pointer,
          code,
          detail: rule,
          detailVi: ruleVi,
        })),
      }),
    };
    const waitS = waitOf(error, http);
    if (waitS !== undefined) response.setHeader('Retry-After', String(waitS));
    response.status(http).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** When the client may come again, in whole seconds: what the error says, or a moment where we have no capacity. */
function waitOf(error: TraoError, http: number): number | undefined {
  const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
  if (typeof retryAfterMs === 'number') return Math.ceil(retryAfterMs / 1_000);
  return entryOf(error.code).retry === 'later' && (http === 503 || http === 429) ? BUSY_S : undefined;
}

/** Errors of the HTTP framework, by their status. */
export function fromHttp(thrown: unknown): TraoError {
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { status?: unknown } | null)?.status;
  const code = typeof status === 'number' ? BY_STATUS[status] : undefined;
  return code && !(thrown instanceof TraoError) ? new TraoError(code, { cause: thrown }) : asTraoError(thrown);
}
