import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { entryOf, meaningOf, type Code, type TraoError } from '../errors';
import { correlationOf, fromHttp, type ProblemFilter } from '../http';
import { inLogContext, type Logger } from '../platform';
import type { BaseShell } from './base-shell';
import { isForPrograms } from './paths';

/** Keeps what somebody typed into a form that came too late. */
export interface FormKeeper {
  /** Keeps the form of a request that failed with `code`. True when it is kept. */
  keep(request: Request, code: Code): Promise<boolean>;
}

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

/** Errors as pages that say what happened, what became of the answers and what to do; as problems for programs. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly shell: BaseShell,
    /** Undefined where forms are short and nobody loses much. */
    private readonly parking: FormKeeper | undefined,
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
      const kept = (await this.parking?.keep(request, error.code)) ?? false;
      if (response.headersSent) return void response.end();
      // Forms are sent to the address of their page, so that is where people come back to.
      if (error.code === 'unauthenticated')
        return response.redirect(303, `/sign-in?back=${encodeURIComponent(request.originalUrl)}`);
      if (error.code === 'form_expired' && kept) return response.redirect(303, request.originalUrl);
      this.page(error, kept, request, response);
    } catch (fault) {
      // The page of an error must not be the next error: the last words need neither database nor template.
      this.logger.log('error_page_failed', { err: fault });
      if (!response.headersSent) response.status(500).type('text').send(meaningOf('internal', 'en'));
    }
  }

  private page(error: TraoError, kept: boolean, request: Request, response: Response): void {
    const { http } = entryOf(error.code);
    const number = correlationOf(response);
    inLogContext({ correlationId: number }, () =>
      this.logger.log(http >= 500 ? 'page_failed' : 'page_refused', { err: error, http }),
    );
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
