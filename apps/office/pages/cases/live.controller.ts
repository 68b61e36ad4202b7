import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { Database, deliveriesOf, latestSent } from '../../../../libs/storage';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { SELF } from '../../tokens';
import { caseTag, deliveryTag } from '../work/case-line';
import { CaseLists } from './case-lists';
import { assertUuid } from './case-room';

const LOOK_MS = 2_000;
/** Longer streams end and are opened anew by the browser, so that a session that has ended ends them too. */
const STREAM_MS = 5 * 60_000;

/** How a case and its newest message stand, as it changes (server-sent events). A page without JavaScript is loaded again instead. */
@Controller('cases/:id/live')
export class LiveController {
  constructor(
    private readonly shell: Shell,
    private readonly lists: CaseLists,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @PageFor(READERS)
  async live(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    assertUuid(id);
    const officer = visitorOf(request);
    const first = await this.statusOf(officer.unit, id, request);
    if (!first) throw new TraoError('not_found');
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const until = Date.now() + STREAM_MS;
    let told = '';
    let changed = first.changedAt;
    let timer: NodeJS.Timeout | undefined;
    response.on('close', () => clearTimeout(timer));
    const look = async (): Promise<void> => {
      const status = await this.statusOf(officer.unit, id, request).catch(() => undefined);
      if (response.writableEnded || response.destroyed) return;
      const text = status && JSON.stringify(status.texts);
      if (text !== undefined && text !== told) {
        response.write(`event: status\ndata: ${text}\n\n`);
        told = text;
      }
      if (status && status.changedAt !== changed) {
        response.write('event: reload\ndata: {}\n\n');
        changed = status.changedAt;
      }
      if (Date.now() > until) return void response.end();
      timer = setTimeout(() => void look(), LOOK_MS);
    };
    await look();
  }

  private async statusOf(unit: string, id: string, request: Request) {
    const t = this.shell.translator(request);
    const { cases } = await this.lists.of(unit).find({ among: [id], offset: 0, limit: 1 });
    const [listed] = cases;
    if (!listed) return undefined;
    const newest = await latestSent(this.database, unit, id);
    const delivery = newest === undefined ? undefined : (await deliveriesOf(this.database, [newest])).get(newest);
    return {
      changedAt: listed.changedAt.getTime(),
      texts: {
        state: caseTag(listed.now.state, t),
        ...(delivery && { delivery: deliveryTag(delivery.state, t) }),
      },
    };
  }
}
