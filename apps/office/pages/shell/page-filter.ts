import { randomUUID } from 'node:crypto';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { asTraoError, entryOf, meaningOf, type Code, type TraoError } from '../../../../libs/errors';
import { fromHttp, ProblemFilter } from '../../../../libs/http';
import type { Logger } from '../../../../libs/platform';
import type { Parking } from '../sign-in/parking';
import type { Shell } from './shell';

/** The words of an error page, by its code; `refused` says what the catalogue says. */
const WORDS: Partial<Record<Code, string>> = {
  not_found: 'not_found',
  forbidden: 'forbidden',
  form_expired: 'expired_form',
  database_unavailable: 'unavailable',
  identity_unavailable: 'unavailable',
  case_unreadable: 'integrity',
  internal: 'fault',
};

/** Paths that are not pages: their errors are problems for programs. */
const isForPrograms = (path: string) => path.startsWith('/v1/') || path.startsWith('/health');

/** Errors as pages that say what happened, what became of the answers and what to do; as problems for programs. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly shell: Shell,
    private readonly parking: Parking,
    private readonly problems: ProblemFilter,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    if (isForPrograms(request.path) || request.accepts(['html', 'json']) === 'json')
      return this.problems.answer(thrown, host);
    void this.answer(fromHttp(thrown), request, host.switchToHttp().getResponse<Response>());
  }

  private async answer(error: TraoError, request: Request, response: Response): Promise<void> {
    try {
      const kept = await this.parking.keep(request, error.code);
      if (response.headersSent) return void response.end();
      // Forms are sent to the address of their page, so that is where people come back to.
      if (error.code === 'unauthenticated')
        return response.redirect(303, `/sign-in?back=${encodeURIComponent(request.originalUrl)}`);
      if (error.code === 'form_expired' && kept) return response.redirect(303, request.originalUrl);
      this.page(error, kept, request, response);
    } catch (fault) {
      // The page of an error must not be the next error: the last words need neither database nor template.
      this.logger.error({ err: asTraoError(fault) }, 'error page failed');
      if (!response.headersSent) response.status(500).type('text').send(meaningOf('internal', 'en'));
    }
  }

  private page(error: TraoError, kept: boolean, request: Request, response: Response): void {
    const { http } = entryOf(error.code);
    const number = randomUUID();
    this.logger[http >= 500 ? 'error' : 'info']({ err: error, correlationId: number, http }, 'page failed');
    const t = this.shell.translator(request);
    const words = WORDS[error.code] ?? 'refused';
    const language = this.shell.language(request);
    const own = words === 'refused' ? meaningOf(error.code, language) : t(`pages:error.${words}.line`);
    const faults = error.faults.map(({ rule, ruleVi }) => (language === 'vi' ? ruleVi : rule));
    this.shell.show(
      request,
      response,
      'error.njk',
      {
        title: t(`pages:error.${words}.title`),
        lines: [own, ...new Set(faults)],
        answers: request.method === 'GET' ? undefined : t(kept ? 'pages:error.unsaved' : 'pages:error.saved'),
        next: { href: '/', text: t('pages:error.home') },
        number,
      },
      http,
    );
  }
}
