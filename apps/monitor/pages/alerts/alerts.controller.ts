import { Controller, Get, Inject, Param, ParseUUIDPipe, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TraoError } from '../../../../libs/errors';
import {
  ALERT_KINDS,
  ALERT_LEVELS,
  ALERT_TITLES,
  alertKind,
  causeOf,
  LEVEL_WORDS,
  SILENCES,
  targetsOf,
  type Alert,
  type AlertKind,
} from '../../../../libs/monitoring';
import { alerts, Database, desk } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { TELL_WAYS } from '../../tokens';
import type { TellWays } from '../../tell-operators';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { markText, readAlertQuery, STATE_CHOICES, type AlertQuery } from './alert-filter';
import { alertView, tellView } from './alert-view';

/** All that are open at once fit on one page, or somebody has other troubles. */
const OPEN_ROWS = 200;
const ENDED_ROWS = 50;

/** What is wrong, what was, and who was told of it. */
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(TELL_WAYS) private readonly ways: TellWays,
  ) {}

  @Get()
  @PageFor(WATCHERS)
  async list(
    @Query() asked: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const filter = readAlertQuery(asked);
    const open = filter.after ? [] : await this.open(filter);
    const ended = await this.ended(filter);
    const settings = targetsOf(await desk.settingValues(this.database.query));
    const named = <T extends string>(values: readonly T[], textOf: (value: T) => string) =>
      values.map((value) => ({ value, text: textOf(value) }));
    this.shell.show(request, response, 'alerts/list.njk', {
      title: t('alerts:title'),
      open: await this.views(open, request),
      ended: await this.views(ended, request),
      showsOpen: !filter.after && statesWanted(filter, 'new', 'acknowledged'),
      showsEnded: statesWanted(filter, 'resolved'),
      more: ended.length === ENDED_ROWS ? `/alerts?${next(filter, ended.at(-1)!)}` : undefined,
      filters: filter.typed,
      choices: {
        states: named(STATE_CHOICES, (state) => t(`alerts:state.${state}`)),
        levels: named(ALERT_LEVELS, (level) => LEVEL_WORDS[level][language]),
        kinds: named(Object.keys(ALERT_KINDS) as AlertKind[], (kind) => ALERT_TITLES[kind][language]),
      },
      acts: holdsOne(operatorOf(request), ACTORS),
      targets: { mail: settings.mail.length, webhook: settings.webhook.length },
      ways: { mail: this.ways.mailer !== undefined, webhook: this.ways.webhooks !== undefined },
      webhookKey: this.ways.webhooks?.publicKey,
    });
  }

  @Get(':id')
  @PageFor(WATCHERS)
  async page(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await alerts.showAlert(this.database.query, id);
    if (!found) throw new TraoError('not_found');
    const t = this.shell.translator(request);
    const [alert] = await this.views([found.alert], request);
    const { ends } = alertKind(found.alert.kind);
    this.shell.show(request, response, 'alerts/show.njk', {
      title: alert!.title,
      back: '/alerts',
      alert,
      ends: t(`alerts:ends.${ends}`),
      cause: found.alert.code && causeOf(found.alert.code, this.shell.language(request)),
      tells: found.tells.map((tell) => tellView(tell, t)),
      history: historyOf(found.alert),
      resolves: ends !== 'itself',
      silences: SILENCES,
      acts: holdsOne(operatorOf(request), ACTORS),
    });
  }

  private async open(filter: AlertQuery): Promise<Alert[]> {
    if (!statesWanted(filter, 'new', 'acknowledged')) return [];
    const states = (filter.states ?? ['new', 'acknowledged']).filter((state) => state !== 'resolved');
    const found = await alerts.listAlerts(this.database.query, { ...filter, states }, OPEN_ROWS);
    // What nobody has taken comes first, the worst of it at the top.
    const rank = ({ state, level }: Alert) => (state === 'new' ? 0 : 10) - ALERT_LEVELS.indexOf(level);
    return found.toSorted((a, b) => rank(a) - rank(b));
  }

  private async ended(filter: AlertQuery): Promise<Alert[]> {
    if (!statesWanted(filter, 'resolved')) return [];
    return alerts.listAlerts(this.database.query, { ...filter, states: ['resolved'] }, ENDED_ROWS);
  }

  private async views(list: readonly Alert[], request: Request) {
    const told = await desk.lastTells(
      this.database.query,
      list.map(({ id }) => id),
    );
    const [t, language, now] = [this.shell.translator(request), this.shell.language(request), new Date()];
    return list.map((alert) => alertView(alert, told.get(alert.id) ?? [], t, language, now));
  }
}

const statesWanted = ({ states }: AlertQuery, ...wanted: readonly Alert['state'][]) =>
  states === undefined || wanted.some((state) => states.includes(state));

function next({ typed }: AlertQuery, last: Alert): string {
  const given = Object.entries(typed).filter(([, value]) => value !== '');
  return new URLSearchParams([...given, ['after', markText(last)]]).toString();
}

/** What became of an alert, oldest first. What people were told stands beside it. */
function historyOf({ firstAt, lastAt, count, acknowledgedAt, acknowledgedBy, resolvedAt }: Alert) {
  return [
    { event: 'raised', at: firstAt },
    ...(count > 1 || lastAt > firstAt ? [{ event: 'seen', at: lastAt }] : []),
    ...(acknowledgedAt ? [{ event: 'acknowledged', at: acknowledgedAt, by: acknowledgedBy }] : []),
    ...(resolvedAt ? [{ event: 'resolved', at: resolvedAt }] : []),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}
