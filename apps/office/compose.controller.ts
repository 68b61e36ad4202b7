import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { send, type SendPorts } from '../../libs/casework';
import { AllowedFor, officerOf } from './access.guard';
import { readIdempotencyKey, readJson } from './request-parts';
import { SEND_PORTS } from './tokens';

/**
 * `POST /v1/units/UNIT/messages`: hands in a document that needs no second officer; the answer comes when it is sealed and
 * durable. Systems without a view of content use it too, for connection tests and statistics.
 */
@Controller('v1/units/:unit/messages')
export class ComposeController {
  constructor(@Inject(SEND_PORTS) private readonly ports: SendPorts) {}

  @Post()
  @HttpCode(202)
  @AllowedFor('unit')
  async post(@Req() request: Request) {
    const actor = officerOf(request);
    const idempotencyKey = readIdempotencyKey(request);
    const document = await readJson(request, this.ports.self);
    return send({ unit: actor.unit, actor, handIn: { document }, idempotencyKey, clientId: actor.id }, this.ports);
  }
}
