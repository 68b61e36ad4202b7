import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { settingChange } from '../../../../libs/monitoring';
import type { Translate } from '../../../../libs/pages';
import { saveSession } from '../../../../libs/sign-in';
import { Database, desk } from '../../../../libs/storage';
import type { TellWays } from '../../tell-operators';
import { TELL_WAYS } from '../../tokens';
import { operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { changeView, settingView } from './setting-view';

/** Who may propose or set anything; which setting, its shape says. */
const CHANGERS = ['operator_act', 'key_officer'] as const;
const CONFIRMERS = ['key_officer'] as const;

/** What operators set at the monitor. Where alerts go takes two of them. */
@Controller('settings')
export class SettingsController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(TELL_WAYS) private readonly ways: TellWays,
  ) {}

  @Get()
  @PageFor(WATCHERS)
  async page(@Req() request: Request, @Res() response: Response): Promise<void> {
    const t = this.shell.translator(request);
    const operator = operatorOf(request);
    const { query } = this.database;
    const kept = new Map((await desk.keptSettings(query)).map((one) => [one.name, one]));
    const values = new Map([...kept].map(([name, { value }]) => [name, value]));
    const open = await desk.openChanges(query);
    this.shell.show(request, response, 'settings/page.njk', {
      title: t('settings:title'),
      changes: open.map((change) => changeView(change, values, operator, t)),
      settings: settingChange.SETTINGS.map((shape) =>
        settingView(
          shape,
          kept.get(shape.name),
          open.find(({ name }) => name === shape.name),
          operator,
          t,
        ),
      ),
    });
  }

  @Post('changes/:id/confirm')
  @PageFor(CONFIRMERS)
  async confirm(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.database.transaction((query) => desk.confirmChange(query, operatorOf(request), id));
    await this.done('settings:done.confirmed', request, response);
  }

  @Post('changes/:id/withdraw')
  @PageFor(CHANGERS)
  async withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.database.transaction((query) => desk.withdrawChange(query, operatorOf(request), id));
    await this.done('settings:done.withdrawn', request, response);
  }

  @Get('change/:name')
  @PageFor(CHANGERS)
  async form(@Param('name') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const shape = settingChange.settingShape(name);
    const values = await desk.settingValues(this.database.query);
    const value = values.has(name) ? values.get(name) : shape.default;
    this.showForm(name, settingChange.typedOf(value), undefined, request, response);
  }

  @Post('change/:name')
  @PageFor(CHANGERS)
  async change(
    @Param('name') name: string,
    @Body('value') typed: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const shape = settingChange.settingShape(name);
    const text = typeof typed === 'string' ? typed : '';
    const operator = operatorOf(request);
    let value: unknown;
    try {
      value = settingChange.valueTyped(shape, text);
      this.ways.assertTargets(name, value);
    } catch (error) {
      return this.showForm(name, text, asTraoError(error), request, response);
    }
    await this.database.transaction((query) =>
      shape.security
        ? desk.proposeSetting(query, operator, shape, value, randomUUID())
        : desk.setSetting(query, operator, shape, value),
    );
    await this.done(shape.security ? 'settings:done.proposed' : 'settings:done.changed', request, response);
  }

  private showForm(
    name: string,
    typed: string,
    error: TraoError | undefined,
    request: Request,
    response: Response,
  ): void {
    const t = this.shell.translator(request);
    const shape = settingChange.settingShape(name);
    const operator = operatorOf(request);
    if (!settingChange.maySet(operator, shape) && !settingChange.mayPropose(operator, shape))
      throw new TraoError('forbidden');
    const vietnamese = this.shell.language(request) === 'vi';
    const sentence = error?.faults
      .map(({ pointer, rule, ruleVi }) => [lineOf(pointer, t), vietnamese ? ruleVi : rule].filter(Boolean).join(' '))
      .join('; ');
    const view = {
      title: t(`settings:name.${name}`),
      back: '/settings',
      name,
      typed,
      typedAs: settingChange.typedAs(shape),
      hint: t(`settings:hint.${name}`),
      security: shape.security,
      error: sentence,
      errors: sentence === undefined ? [] : [{ text: sentence, href: '#value' }],
    };
    this.shell.show(request, response, 'settings/change.njk', view, error ? 422 : 200);
  }

  private async done(notice: string, request: Request, response: Response): Promise<void> {
    request.session.notice = notice;
    await saveSession(request);
    response.redirect(303, '/settings');
  }
}

/** "line 2:" for a fault of one of several entries. */
function lineOf(pointer: string, t: Translate): string {
  return pointer === '' ? '' : t('settings:line', { n: Number(pointer.slice(1)) + 1 });
}
