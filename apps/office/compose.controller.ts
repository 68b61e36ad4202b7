import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import { send, type SendPorts } from '../../libs/exchange';
import { readRawBody } from '../../libs/http';
import { parseStrictJson } from '../../libs/schema';
import { AllowedFor, clientOfRequest } from './access.guard';
import { SEND_PORTS } from './tokens';

/** `POST /v1/units/UNIT/messages`: hands in a document; the answer comes when it is sealed and durable. */
@Controller('v1/units/:unit/messages')
export class ComposeController {
  constructor(@Inject(SEND_PORTS) private readonly ports: SendPorts) {}

  @Post()
  @HttpCode(202)
  @AllowedFor('unit')
  async post(@Req() request: Request, @Param('unit') unit: string) {
    const idempotencyKey = request.headers['idempotency-key'];
    if (typeof idempotencyKey !== 'string' || !/^[\w.-]{8,128}$/.test(idempotencyKey)) {
      throw new TraoError('bad_request', {
        detail: 'An Idempotency-Key header of 8 to 128 letters, digits, . _ - is needed.',
      });
    }
    if (!request.is('application/json')) throw new TraoError('unsupported_media_type');
    const { limits } = this.ports.self.partners().node(this.ports.self.node);
    const body = await readRawBody(request, limits.maxMessageBytes);
    const document = parseStrictJson(body, { maxBytes: limits.maxMessageBytes });
    const { id: clientId } = clientOfRequest(request);
    return send({ document, senderUnit: unit, idempotencyKey, clientId }, this.ports);
  }
}
