import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TraoError } from '../../../../libs/errors';
import { Provider, renewSession, saveSession, StartLimit } from '../../../../libs/sign-in';
import { keepLanguage, localPath, signOff, stayOn } from '../../../../libs/web';
import { isOperatorRole } from '../../../../libs/monitoring';
import type { Operator } from '../../operators';
import { OPERATORS } from '../../tokens';
import { findOperator, PageFor } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { withGranted } from '../shell/visitor';

/** Where an operator begins. */
const FIRST_PAGE = '/overview';

/** In and out. Who somebody is, the identity provider says; what they may do here, the file of operators. */
@Controller()
export class SignInController {
  private readonly starts = new StartLimit();

  constructor(
    private readonly provider: Provider,
    private readonly shell: Shell,
    @Inject(OPERATORS) private readonly operators: readonly Operator[],
  ) {}

  @Get()
  @PageFor('anybody')
  home(@Req() request: Request, @Res() response: Response): void {
    response.redirect(303, findOperator(request) ? FIRST_PAGE : '/sign-in');
  }

  @Get('language')
  @PageFor('anybody')
  language(
    @Query('to') to: string,
    @Query('back') back: string,
    @Req() request: Request,
    @Res() response: Response,
  ): void {
    keepLanguage(to, back, request, response);
  }

  @Get('sign-in')
  @PageFor('anybody')
  page(@Query('back') back: string, @Req() request: Request, @Res() response: Response): void {
    if (findOperator(request)) return response.redirect(303, localPath(back));
    this.shell.show(request, response, 'sign-in/page.njk', {
      title: this.shell.translator(request)('monitor:signIn.title'),
      start: `/sign-in/start?back=${encodeURIComponent(localPath(back))}`,
      wasIn: request.session?.who !== undefined,
    });
  }

  /** Always a new authentication: a browser that an officer of the office has left open lets nobody in here. */
  @Get('sign-in/start')
  @PageFor('anybody')
  async start(@Query('back') back: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.starts.begin();
    const { url, pending } = await this.provider.begin(localPath(back), true, this.shell.language(request));
    request.session.pending = pending;
    await saveSession(request);
    response.redirect(303, url);
  }

  @Get('sign-in/callback')
  @PageFor('anybody')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { pending } = request.session;
    if (!pending) return response.redirect(303, '/');
    delete request.session.pending;
    const query = new URL(request.originalUrl, 'http://localhost').search;
    const { subject, name, email, roles, authenticatedAt, idToken } = await this.provider.finish(query, pending);
    // Whoever reads cases is no operator, whatever the file says.
    if (roles?.some((role) => !isOperatorRole(role)))
      throw new TraoError('sign_in_refused', {
        detail: 'The identity provider grants a role that is not of operators.',
      });
    const entry = this.operators.find((operator) => operator.subject === subject);
    if (!entry || !withGranted(entry, roles))
      throw new TraoError('sign_in_refused', { detail: 'Not in the file of operators of this node.' });
    const now = Date.now();
    const times = { since: now, active: now, authenticated: authenticatedAt };
    await renewSession(request);
    request.session.who = { officer: entry.id, subject, granted: roles, name, email, idToken, ...times };
    await saveSession(request);
    response.redirect(303, pending.returnTo === '/' ? FIRST_PAGE : pending.returnTo);
  }

  /** Whoever pressed the button on a page of an earlier session comes here, still signed in, and finds the button of this one. */
  @Get('sign-out')
  @PageFor('anybody')
  stillHere(@Res() response: Response): void {
    response.redirect(303, '/');
  }

  @Post('sign-out')
  @PageFor('signed_in')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    await signOff(request, response, this.provider);
  }

  @Post('session')
  @PageFor('signed_in')
  stay(@Req() request: Request, @Res() response: Response): void {
    stayOn(request, response);
  }
}
