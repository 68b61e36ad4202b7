import { Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { TraoError } from '../../libs/errors';
import { contentDigest, reconciling } from '../../libs/exchange';
import { readRawBody } from '../../libs/http';
import { parseStrictJson } from '../../libs/schema';
import { Peer } from './peer';
import { MANIFEST_PORTS } from './tokens';

export interface ServedManifests extends reconciling.AnswerManifestPorts {
  /** What this node knows of messages between itself and a partner, in the order of the ids. */
  readonly known: (partner: string, ids: readonly string[]) => Promise<reconciling.KnownThere[]>;
}

const MAX_MANIFEST_BYTES = 4096;
const MAX_IDS_BYTES = 4096;

/** Manifests of a day, and which messages they are made of (protocol §6, docs/protocol/manifests.md). */
@Controller('v1/manifests')
export class ManifestsController {
  /** Partners whose day is being counted: it reads every row of the day, so each waits for its own answer. */
  private readonly counting = new Set<string>();

  constructor(
    private readonly peer: Peer,
    @Inject(MANIFEST_PORTS) private readonly ports: ServedManifests,
  ) {}

  /** Takes the manifest of the partner and answers with ours of the same day. */
  @Post()
  @HttpCode(200)
  @Header('content-type', reconciling.MANIFEST_MEDIA_TYPE)
  async exchange(@Req() request: Request): Promise<string> {
    const peer = this.peer.of(request);
    const body = await bodyOf(request, reconciling.MANIFEST_MEDIA_TYPE, MAX_MANIFEST_BYTES);
    return this.oneAtATime(peer, () => reconciling.answerManifest(body.toString('latin1'), peer, this.ports));
  }

  /** What we know of single messages, with the receipts that we have signed for them. */
  @Post('messages')
  @HttpCode(200)
  async known(@Req() request: Request): Promise<reconciling.KnownThere[]> {
    const peer = this.peer.of(request);
    const body = await bodyOf(request, 'application/json', MAX_IDS_BYTES);
    const ids = parseStrictJson(body, { maxBytes: MAX_IDS_BYTES, maxDepth: 2 });
    if (!isIdList(ids)) throw new TraoError('bad_request', { detail: 'The body is an array of message ids.' });
    return this.ports.known(peer, ids);
  }

  /** The messages of a day, page by page. */
  @Get(':day/:way')
  async entries(
    @Req() request: Request,
    @Param('day') day: string,
    @Param('way') way: string,
    @Query('after') after: unknown,
  ): Promise<{ entries: reconciling.ManifestEntry[] }> {
    const peer = this.peer.of(request);
    const known = reconciling.WAYS.find((one) => one === way);
    if (!known) throw new TraoError('not_found');
    if (after !== undefined && typeof after !== 'string') throw new TraoError('bad_request');
    return { entries: await reconciling.listManifest(peer, day, known, after, this.ports.rows) };
  }

  private async oneAtATime<T>(peer: string, work: () => Promise<T>): Promise<T> {
    if (this.counting.has(peer)) throw new TraoError('overloaded');
    this.counting.add(peer);
    try {
      return await work();
    } finally {
      this.counting.delete(peer);
    }
  }
}

async function bodyOf(request: Request, type: string, maxBytes: number): Promise<Buffer> {
  if (request.headers['content-type'] !== type) throw new TraoError('unsupported_media_type');
  const body = await readRawBody(request, maxBytes);
  if (request.headers['content-digest'] !== contentDigest(body)) throw new TraoError('digest_mismatch');
  return body;
}

const isIdList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= reconciling.MAX_ASKED && value.every(reconciling.isMessageId);
