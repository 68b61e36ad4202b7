import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { causeOf, errorLog } from '../../../../libs/monitoring';
import { Database, desk } from '../../../../libs/storage';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';

type Filter = errorLog.ErrorFilter;

/** What failed, by code: never only a number. */
@Controller()
export class ErrorsController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
  ) {}

  @Get('errors')
  @PageFor(WATCHERS)
  async page(
    @Query() asked: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const filter = errorLog.readErrorFilter(asked);
    const since = errorLog.errorsSince(filter, new Date());
    const { groups, partial } = await desk.countErrors(this.database.query, filter, since);
    const choice = (values: readonly string[], area: string) =>
      values.map((value) => ({ value, text: t(`errors:${area}.${value}`) }));
    this.shell.show(request, response, 'errors/page.njk', {
      title: t('errors:title'),
      filter,
      since,
      partial,
      windows: choice(Object.keys(errorLog.ERROR_WINDOWS), 'window'),
      sources: choice(errorLog.ERROR_SOURCES, 'source'),
      csv: `/errors.csv?${errorLog.errorQuery(filter)}`,
      total: groups.reduce((sum, { count }) => sum + count, 0),
      groups: groups.map(({ code, source, partner, count, lastAt, messageId }) => ({
        code: /^\w{1,64}$/.test(code) ? code : t('errors:unreadable'),
        source: t(`errors:source.${source}`),
        partner,
        count,
        lastAt,
        cause: causeOf(code, language),
        newest: messageId,
        // An attempt that failed is no property of a message that has arrived since: of those the newest is named.
        messages:
          source === 'ended' || source === 'receiving' ? `/messages?${messagesQuery(code, partner)}` : undefined,
        only: `/errors?${errorLog.errorQuery(filter, { code, partner })}`,
      })),
    });
  }

  @Get('errors.csv')
  @PageFor(WATCHERS)
  async csv(@Query() asked: Record<string, unknown>, @Res() response: Response): Promise<void> {
    const filter: Filter = errorLog.readErrorFilter(asked);
    const { groups } = await desk.countErrors(this.database.query, filter, errorLog.errorsSince(filter, new Date()));
    response
      .type('text/csv')
      .attachment(`trao-${this.shell.node}-errors.csv`)
      .setHeader('Cache-Control', 'no-store')
      .send(errorLog.errorCsv(groups));
  }
}

/** Whenever they were handed in: what failed in this time may be older. */
function messagesQuery(code: string, partner: string | undefined): string {
  return new URLSearchParams({ code, ...(partner && { partner }) }).toString();
}
