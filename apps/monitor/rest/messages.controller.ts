import { Controller, Get, Header, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Self } from '../../../libs/casework';
import { TraoError } from '../../../libs/errors';
import { cursorOf, readMessageQuery } from '../../../libs/monitoring';
import { Database, watched } from '../../../libs/storage';
import { AllowedFor, callerOf } from '../access.guard';
import { checkReceipts } from '../pages/messages/message-view';
import { ACTORS, WATCHERS } from '../pages/shell/page-access';
import { SELF } from '../tokens';
import { idOfRequest } from './members';

/** Messages of both directions: metadata and evidence. */
@Controller('v1/messages')
export class MessagesRestController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  /** The filters of the page, and `after`: the `next` of the page before. Times without `Z` are UTC here. */
  @Get()
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async list(@Query() asked: Record<string, unknown>) {
    const { filter, after, limit, faults } = readMessageQuery(asked, 'UTC');
    if (faults.length > 0) throw new TraoError('bad_request', { faults });
    const { messages, next } = await watched.listMessages(this.database, filter, after, limit);
    return { messages, next: next ? cursorOf(next) : null };
  }

  /** One message with its states, attempts and receipts. An id that a partner has used too stands for two. */
  @Get(':id')
  @AllowedFor(WATCHERS)
  @Header('cache-control', 'no-store')
  async show(@Param('id', ParseUUIDPipe) id: string) {
    const found = await watched.messagesWithId(this.database, this.self.node, id.toLowerCase());
    if (found.length === 0) throw new TraoError('not_found', { detail: `No message ${id} was sent or received here.` });
    const messages = await Promise.all(
      found.map(async (message) => ({
        ...message,
        receipts: (await checkReceipts(message, this.self)).map(({ token: _token, ...receipt }) => receipt),
      })),
    );
    return { node: this.self.node, messages };
  }

  /** Gives a message another try. Its answer names the recovery that follows it. */
  @Post(':id/resend')
  @HttpCode(202)
  @AllowedFor(ACTORS)
  async resend(@Param('id', ParseUUIDPipe) id: string, @Req() request: Request) {
    const recovery = idOfRequest(request);
    await watched.resendMessage(this.database, callerOf(request), recovery, id.toLowerCase());
    return { id: id.toLowerCase(), recovery };
  }
}
