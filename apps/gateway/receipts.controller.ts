import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import {
  contentDigest,
  MAX_BATCH_MESSAGES,
  PartnerLimits,
  settle,
  type SettlePorts,
  type SettleResult,
} from '../../libs/exchange';
import { readRawBody } from '../../libs/http';
import { parseStrictJson } from '../../libs/schema';
import { Peer } from './peer';
import { LIMITS, SETTLE_PORTS } from './tokens';

const MAX_BODY_BYTES = 512 * 1024;

/** `POST /v1/receipts`: evidence of a partner about our messages (protocol §4, §5). */
@Controller('v1/receipts')
export class ReceiptsController {
  constructor(
    private readonly peer: Peer,
    @Inject(SETTLE_PORTS) private readonly ports: SettlePorts,
    @Inject(LIMITS) private readonly limits: PartnerLimits,
  ) {}

  @Post()
  @HttpCode(200)
  async post(@Req() request: Request): Promise<SettleResult[]> {
    const peer = this.peer.of(request);
    const tokens = await this.limits.patiently(peer, () => this.admitted(request, peer));
    // fail-point P1: receipts got
    const results = await settle(tokens, peer, this.ports);
    // fail-point P3: committed, not answered
    return results;
  }

  private async admitted(request: Request, peer: string): Promise<string[]> {
    if (request.headers['content-type'] !== 'application/json') throw new TraoError('unsupported_media_type');
    const body = await readRawBody(request, MAX_BODY_BYTES);
    if (request.headers['content-digest'] !== contentDigest(body)) throw new TraoError('digest_mismatch');
    const tokens = parseStrictJson(body, { maxBytes: MAX_BODY_BYTES, maxDepth: 2 });
    if (!isTokenList(tokens)) throw new TraoError('bad_request', { detail: 'The body is an array of receipts.' });
    this.limits.admitReceipts(peer, tokens.length, body.length);
    return tokens;
  }
}

function isTokenList(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length <= MAX_BATCH_MESSAGES && value.every((token) => typeof token === 'string')
  );
}
