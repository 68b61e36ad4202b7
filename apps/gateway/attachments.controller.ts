import { Controller, Get, Inject, Param, Put, Req } from '@nestjs/common';
import type { Request } from 'express';
import { MAX_PIECE_BYTES } from '../../libs/attachments';
import { TraoError } from '../../libs/errors';
import {
  acceptPiece,
  contentDigest,
  incomingFile,
  PIECE_MEDIA_TYPE,
  readContentRange,
  type AcceptPiecePorts,
  type IncomingFile,
} from '../../libs/exchange';
import { readRawBody } from '../../libs/http';
import { Peer } from './peer';
import { PIECE_PORTS } from './tokens';

/** `/v1/attachments/{id}`: sealed files of a partner, piece by piece (protocol §4). */
@Controller('v1/attachments')
export class AttachmentsController {
  constructor(
    private readonly peer: Peer,
    @Inject(PIECE_PORTS) private readonly ports: AcceptPiecePorts,
  ) {}

  /** How much of a file is here: where its sender goes on. */
  @Get(':id')
  async held(@Req() request: Request, @Param('id') id: string): Promise<IncomingFile> {
    return incomingFile(this.peer.of(request), id, this.ports);
  }

  /** A partial PUT (RFC 9110 §14.5): both sides have agreed on it here. */
  @Put(':id')
  async put(@Req() request: Request, @Param('id') id: string): Promise<IncomingFile> {
    const senderNode = this.peer.of(request);
    if (request.headers['content-type'] !== PIECE_MEDIA_TYPE) throw new TraoError('unsupported_media_type');
    const range = readContentRange(request.headers['content-range']);
    if (!range) throw new TraoError('bad_request', { detail: 'A Content-Range header is needed.' });
    const sealed = await readRawBody(request, MAX_PIECE_BYTES);
    if (request.headers['content-digest'] !== contentDigest(sealed)) throw new TraoError('digest_mismatch');
    const { start, end, total } = range;
    if (end - start + 1 !== sealed.length)
      throw new TraoError('bad_request', { detail: 'Content-Range is not the body.' });
    return acceptPiece({ senderNode, id, start, total, sealed }, this.ports);
  }
}
