import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor } from '../../../../libs/casework';
import { rememberOfficer, type SettingsPorts } from '../../../../libs/notices';
import { TraoError } from '../../../../libs/errors';
import { isOfMonitor } from '../../../../libs/monitoring';
import { Provider, renewSession, saveSession, StartLimit, type SignedIn } from '../../../../libs/sign-in';
import { keepLanguage, localPath, signOff, stayOn } from '../../../../libs/web';
import { officersOf, type Client } from '../../clients';
import { CLIENTS, SETTINGS_PORTS } from '../../tokens';
import { findVisitor, PageFor } from '../shell/page-access';
import { Shell, unitName } from '../shell/shell';
import { rolesIn } from '../shell/visitor';

/** In and out. Who somebody is, the identity provider says; what they may do here, the local table. */
@Controller()
export class SignInController {
  private readonly starts = new StartLimit();

  constructor(
    private readonly provider: Provider,
    private readonly shell: Shell,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
    @Inject(SETTINGS_PORTS) private readonly settings: SettingsPorts,
  ) {}

  @Get()
  @PageFor('anybody')
  home(@Req() request: Request, @Res() response: Response): void {
    response.redirect(303, findVisitor(request) ? '/work' : '/sign-in');
  }

  /** Keeps the language on this browser and comes back to the page. */
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
    if (findVisitor(request)) return response.redirect(303, localPath(back));
    const t = this.shell.translator(request);
    const wasIn = request.session?.who !== undefined;
    this.shell.show(request, response, 'sign-in/page.njk', {
      title: t('office:signIn.title'),
      start: `/sign-in/start?back=${encodeURIComponent(localPath(back))}`,
      wasIn,
      kept: request.session?.parked !== undefined,
    });
  }

  @Get('sign-in/start')
  @PageFor('anybody')
  async start(@Query('back') back: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.leave(request, response, localPath(back), false);
  }

  /** Asks for a new authentication of whoever is signed in, for acts that need one. */
  @Get('sign-in/again')
  @PageFor('signed_in')
  async again(@Query('back') back: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.leave(request, response, localPath(back), true);
  }

  private async leave(request: Request, response: Response, back: string, fresh: boolean): Promise<void> {
    this.starts.begin();
    const { url, pending } = await this.provider.begin(back, fresh, this.shell.language(request));
    request.session.pending = pending;
    await saveSession(request);
    response.redirect(303, url);
  }

  @Get('sign-in/callback')
  @PageFor('anybody')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { pending, who, parked } = request.session;
    // A second visit with the same address, as by the back button: the first one has signed in already.
    if (!pending) return response.redirect(303, '/');
    delete request.session.pending;
    const query = new URL(request.originalUrl, 'http://localhost').search;
    const { subject, name, email, roles, authenticatedAt, idToken } = await this.provider.finish(query, pending);
    // Whoever proves that they are somebody else does not go on in this session.
    if (pending.fresh && who?.subject !== subject)
      throw new TraoError('sign_in_refused', { detail: 'Another person signed in.' });
    if (roles?.some(isOfMonitor)) throw new TraoError('sign_in_refused', { detail: 'Operators read no cases.' });
    const entries = officersOf(this.clients, subject).filter((entry) => rolesIn(entry, roles).length > 0);
    if (entries.length === 0) throw new TraoError('sign_in_refused', { detail: 'Not in the table of this office.' });
    const now = Date.now();
    const times = { since: pending.fresh && who ? who.since : now, active: now, authenticated: authenticatedAt };
    const person = { subject, granted: roles, name, email, idToken, ...times };
    await renewSession(request);
    if (parked) request.session.parked = parked;
    const same = entries.find(({ id }) => id === who?.officer);
    const [only] = entries.length === 1 ? entries : [same];
    if (only) request.session.who = { ...person, officer: only.id };
    else request.session.choice = person;
    await saveSession(request);
    if (only) await this.remember(only, email, request);
    response.redirect(303, only ? pending.returnTo : `/sign-in/unit?back=${encodeURIComponent(pending.returnTo)}`);
  }

  /** Somebody who works in several units says in which one they are now. */
  @Get('sign-in/unit')
  @PageFor('anybody')
  units(@Query('back') back: string, @Req() request: Request, @Res() response: Response): void {
    const { choice } = request.session;
    if (!choice) return response.redirect(303, '/sign-in');
    const language = this.shell.language(request);
    const entries = officersOf(this.clients, choice.subject).filter(
      (entry) => rolesIn(entry, choice.granted).length > 0,
    );
    this.shell.show(request, response, 'sign-in/unit.njk', {
      title: this.shell.translator(request)('office:signIn.unit'),
      units: entries.map(({ id, unit }) => ({ id, name: unitName(unit, language) })),
      return: localPath(back),
    });
  }

  @Post('sign-in/unit')
  @PageFor('anybody')
  async choose(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { choice } = request.session;
    const { officer, back } = request.body as { readonly officer?: unknown; readonly back?: unknown };
    if (!choice) return response.redirect(303, '/sign-in');
    const entry = officersOf(this.clients, choice.subject).find(({ id }) => id === officer);
    if (!entry) throw new TraoError('bad_request');
    delete request.session.choice;
    request.session.who = { ...choice, officer: entry.id } satisfies SignedIn;
    await saveSession(request);
    await this.remember(entry, choice.email, request);
    response.redirect(303, localPath(back));
  }

  /** Notes where somebody is written to, who from now on is told what is new. */
  private async remember(officer: Actor, email: string | undefined, request: Request): Promise<void> {
    const known = { email, language: this.shell.language(request), timeZone: this.shell.timeZone };
    await rememberOfficer(officer, known, this.settings);
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
