import { Controller, Get, Header, Inject, Param, ParseUUIDPipe, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import { listInbox, readMessage, type ReadPorts } from '../../libs/casework';
import { AllowedFor, officerOf } from './access.guard';
import { ListQuery, nextCursor, readCursor } from './list-query';
import { READ_PORTS } from './tokens';

/** What a unit has: its referrals, and its messages in clear. Row-level security shows it no other unit's. */
@Controller('v1/units/:unit')
export class InboxController {
  constructor(@Inject(READ_PORTS) private readonly ports: ReadPorts) {}

  @Get('inbox')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async inbox(@Req() request: Request, @Query() query: ListQuery) {
    const referrals = await listInbox(officerOf(request).unit, query.limit, readCursor(query.after), this.ports);
    const marks = referrals.map(({ referralId, changedAt }) => ({ at: changedAt, id: referralId }));
    return { referrals, next: nextCursor(marks, query.limit) };
  }

  @Get('messages/:id')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async message(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    const message = await readMessage(officerOf(request), id, this.ports);
    if (!message) throw new TraoError('not_found');
    return message;
  }
}
