import { Controller, Get, Header, Inject, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { TraoError } from '../../libs/errors';
import { isProof } from '../../libs/exchange';
import { type Self } from '../../libs/casework';
import { Database, listDeliveries, showDelivery } from '../../libs/storage';
import { AllowedFor } from './access.guard';
import { DeliveryQuery, nextCursor, readCursor } from './list-query';
import { SELF } from './tokens';

/** Outgoing messages as operators see them: metadata and evidence, never a person. */
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(
    private readonly database: Database,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @AllowedFor('operator')
  @Header('cache-control', 'no-store')
  async list(@Query() { limit, state, after }: DeliveryQuery) {
    const deliveries = await listDeliveries(this.database, limit, state, readCursor(after));
    const marks = deliveries.map(({ id, createdAt }) => ({ at: createdAt, id }));
    return { deliveries, next: nextCursor(marks, limit) };
  }

  @Get(':id')
  @AllowedFor('operator')
  @Header('cache-control', 'no-store')
  async show(@Param('id', ParseUUIDPipe) id: string) {
    const delivery = await showDelivery(this.database, id);
    if (!delivery) throw new TraoError('not_found');
    const receipts = await Promise.all(
      delivery.receipts.map(async ({ token, digest, ...receipt }) => ({
        ...receipt,
        // About other bytes: the message was sealed anew since.
        superseded: digest !== delivery.digest,
        verified: await isProof(token, { id, digest }, this.self),
      })),
    );
    return { ...delivery, senderNode: this.self.node, receipts };
  }
}
