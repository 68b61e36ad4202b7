import { randomUUID } from 'node:crypto';
import { Controller, Get, Header, Inject, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Self } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { Database, watched } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { SELF } from '../../tokens';
import { done, typedIn } from '../queues/act-form';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { nodeName, Shell } from '../shell/shell';
import { checkReceipts, evidenceOf, messageView } from './message-view';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One message: how far it came, every attempt, what proves it, and how it is sent again. */
@Controller('messages')
export class MessageController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get(':id')
  @PageFor(WATCHERS)
  async page(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.find(id);
    const t = this.shell.translator(request);
    const words = { t, language: this.shell.language(request), nameOf: (node: string) => nodeName(node, t) };
    const now = new Date();
    this.shell.show(request, response, 'messages/show.njk', {
      title: t('messages:one'),
      id: id.toLowerCase(),
      back: '/messages',
      messages: await Promise.all(
        found.map(async (message) => messageView(message, await checkReceipts(message, this.self), words, now)),
      ),
      mayAct: holdsOne(operatorOf(request), ACTORS),
      // Of the form: sent twice, it sends the message again once.
      recovery: randomUUID(),
    });
  }

  @Get(':id/evidence.json')
  @PageFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async evidence(@Param('id', ParseUUIDPipe) id: string, @Res() response: Response): Promise<void> {
    const found = await this.find(id);
    const now = new Date();
    const evidence = await Promise.all(
      found.map(async (message) => evidenceOf(this.self.node, message, await checkReceipts(message, this.self), now)),
    );
    response.setHeader('Content-Disposition', `attachment; filename="evidence-${id.toLowerCase()}.json"`);
    response.type('json').send(`${JSON.stringify(evidence, undefined, 2)}\n`);
  }

  @Post(':id/resend')
  @PageFor(ACTORS)
  async resend(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const recovery = typedIn(request, 'recovery');
    if (!UUID.test(recovery)) throw new TraoError('bad_request');
    await watched.resendMessage(this.database, operatorOf(request), recovery, id.toLowerCase());
    await done(request, response, 'messages:again.done', `/messages/${id.toLowerCase()}`);
  }

  /** @throws TraoError `not_found` */
  private async find(id: string): Promise<watched.MonitoredMessage[]> {
    const found = await watched.messagesWithId(this.database, this.self.node, id.toLowerCase());
    if (found.length === 0) throw new TraoError('not_found');
    return found;
  }
}
