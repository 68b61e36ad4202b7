import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import {
  accept,
  ANSWERS_MEDIA_TYPE,
  contentDigest,
  decodeMessages,
  encodeAnswers,
  MAX_BATCH_BYTES,
  MESSAGES_MEDIA_TYPE,
  PartnerLimits,
  type AcceptPorts,
} from '../../libs/exchange';
import { readRawBody } from '../../libs/http';
import { Peer } from './peer';
import { ACCEPT_PORTS, LIMITS } from './tokens';

/** `POST /v1/messages`: sealed messages of a partner, one a line (protocol §4). */
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly peer: Peer,
    @Inject(ACCEPT_PORTS) private readonly ports: AcceptPorts,
    @Inject(LIMITS) private readonly limits: PartnerLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('content-type', ANSWERS_MEDIA_TYPE)
  async post(@Req() request: Request): Promise<string> {
    const peer = this.peer.of(request);
    const tokens = await this.limits.patiently(peer, () => this.admitted(request, peer));
    return encodeAnswers(await accept(tokens, peer, this.ports));
  }

  private async admitted(request: Request, peer: string): Promise<string[]> {
    if (request.headers['content-type'] !== MESSAGES_MEDIA_TYPE) throw new TraoError('unsupported_media_type');
    const body = await readRawBody(request, MAX_BATCH_BYTES);
    if (request.headers['content-digest'] !== contentDigest(body)) throw new TraoError('digest_mismatch');
    // fail-point R1: body read
    const tokens = decodeMessages(body.toString('latin1'));
    this.limits.admitMessages(peer, tokens);
    return tokens;
  }
}
