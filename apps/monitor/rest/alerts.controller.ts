import { Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { plainSubject, type Alert } from '../../../libs/monitoring';
import { alerts, Database } from '../../../libs/storage';
import { AllowedFor, callerOf } from '../access.guard';
import { markText, readAlertQuery } from '../pages/alerts/alert-filter';
import { changeAlert } from '../pages/alerts/change-alert';
import { ACTORS, WATCHERS } from '../pages/shell/page-access';

const ROWS = 100;

/** Alerts, for the command line and for whoever keeps a list of them elsewhere. */
@Controller('v1/alerts')
export class AlertsRestController {
  constructor(private readonly database: Database) {}

  /** The filters of the page; `after` is the `next` of the page before. */
  @Get()
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async list(@Query() asked: Record<string, unknown>) {
    const found = await alerts.listAlerts(this.database.query, readAlertQuery(asked), ROWS);
    return { alerts: found.map(shown), next: found.length === ROWS ? markText(found.at(-1)!) : null };
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @AllowedFor(ACTORS)
  async acknowledge(@Param('id', ParseUUIDPipe) id: string, @Req() request: Request) {
    const operator = callerOf(request);
    const event = { event: 'acknowledged', at: new Date(), by: operator.id } as const;
    return shown(await changeAlert(this.database, operator, id, event));
  }
}

/** Absent facts as null: programs find every member in every alert. */
const shown = (alert: Alert) => ({
  id: alert.id,
  kind: alert.kind,
  level: alert.level,
  state: alert.state,
  subject: plainSubject(alert.subject),
  count: alert.count,
  firstAt: alert.firstAt,
  lastAt: alert.lastAt,
  code: alert.code ?? null,
  detail: alert.detail ?? null,
  acknowledgedBy: alert.acknowledgedBy ?? null,
  acknowledgedAt: alert.acknowledgedAt ?? null,
  silencedUntil: alert.silencedUntil ?? null,
  resolvedAt: alert.resolvedAt ?? null,
});
