import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readAccesses, referenceOf, type AccessPorts } from '../../../../libs/caseload';
import type { Client } from '../../clients';
import { ACCESS_PORTS, CLIENTS } from '../../tokens';
import { officerName } from '../cases/case-frame';
import { PageFor, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';

const PER_PAGE = 100;

/** Who opened what in the whole unit, for those who look after that. References only: the log names no person. */
@Controller('access')
export class AccessController {
  constructor(
    private readonly shell: Shell,
    @Inject(ACCESS_PORTS) private readonly access: AccessPorts,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
  ) {}

  @Get()
  @PageFor(['auditor', 'dpo'])
  async log(@Query('before') before: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const officer = visitorOf(request);
    const t = this.shell.translator(request);
    const mark = /^\d{1,18}$/.test(before ?? '') ? before : undefined;
    const entries = await readAccesses(officer, { limit: PER_PAGE, before: mark }, this.access);
    // An auditor reads the log and opens no case.
    const opens = officer.roles.includes('dpo');
    this.shell.show(request, response, 'access/log.njk', {
      title: t('case:access.title'),
      entries: entries.map(({ at, officer: who, action, reasonCode, referralId }) => ({
        at,
        who: officerName(this.clients, who),
        what: t(`case:access.action.${action}`),
        why: reasonCode && t(`case:access.reason.${reasonCode}`),
        reference: referenceOf(referralId),
        href: opens ? `/cases/${referralId}` : undefined,
      })),
      older: entries.length === PER_PAGE ? `/access?before=${entries.at(-1)!.id}` : undefined,
    });
  }
}
