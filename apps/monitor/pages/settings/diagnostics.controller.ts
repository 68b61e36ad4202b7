import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { diagnostics } from '../../../../libs/monitoring';
import { Database } from '../../../../libs/storage';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { makeBundle } from '../../diagnostics-bundle';

/** What somebody who helps gets of this node, named before it is made. */
@Controller('settings')
export class DiagnosticsController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
  ) {}

  @Get('diagnostics')
  @PageFor(WATCHERS)
  page(@Req() request: Request, @Res() response: Response): void {
    const t = this.shell.translator(request);
    this.shell.show(request, response, 'settings/diagnostics.njk', {
      title: t('settings:diagnostics.title'),
      back: '/settings',
      parts: diagnostics.DIAGNOSTIC_PARTS.map((part) => ({
        name: part,
        text: t(`settings:diagnostics.part.${part}`),
      })),
    });
  }

  @Get('diagnostics.json')
  @PageFor(WATCHERS)
  async download(@Res() response: Response): Promise<void> {
    const bundle = await makeBundle(this.database, this.shell.node);
    response
      .attachment(`trao-${this.shell.node}-diagnostics.json`)
      .type('application/json')
      .setHeader('Cache-Control', 'no-store')
      .send(`${JSON.stringify(bundle, null, 2)}\n`);
  }
}
