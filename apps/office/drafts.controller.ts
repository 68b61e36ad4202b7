import { Controller, Delete, Get, Header, HttpCode, Inject, Param, ParseUUIDPipe } from '@nestjs/common';
import { Post, Put, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  approveDraft,
  changeDraft,
  decideText,
  discardDraft,
  holdDraft,
  listDrafts,
  readDraft,
  saveDraft,
  send,
  type DraftPorts,
  type SendPorts,
} from '../../libs/casework';
import { KEEP_REASONS, type Approval } from '../../libs/protection';
import { AllowedFor, officerOf } from './access.guard';
import { ROLES } from './clients';
import { draftIdFor, shownDraft } from './draft-views';
import { LimitQuery } from './list-query';
import { oneOf, readIdempotencyKey, readIfMatch, readJson, readMembers, textLike } from './request-parts';
import { readSubmission } from './submission';
import { DRAFT_PORTS, SEND_PORTS } from './tokens';

const APPROVAL_KINDS = ['approve', 'cosign', 'override'] as const satisfies readonly Approval['kind'][];
const DIGEST = textLike(/^[\w-]{43}$/);
const POINTER = textLike(/^(\/[^/]{1,100}){1,20}$/);

/** Messages on their way to a second officer: written, agreed to, sent. */
@Controller('v1/units/:unit/drafts')
export class DraftsController {
  constructor(
    @Inject(DRAFT_PORTS) private readonly ports: DraftPorts,
    @Inject(SEND_PORTS) private readonly sendPorts: SendPorts,
  ) {}

  /** With an Idempotency-Key the same body again gives the same draft, so that trying again leaves no second one. */
  @Post()
  @AllowedFor('officer')
  async create(@Req() request: Request) {
    const actor = officerOf(request);
    const key = request.headers['idempotency-key'] === undefined ? undefined : readIdempotencyKey(request);
    const body = await readJson(request, this.ports.self, 'document_and_records');
    const submission = readSubmission(body);
    const newId = key === undefined ? this.ports.newId : () => draftIdFor(actor, key, body);
    return saveDraft(actor, submission, { ...this.ports, newId });
  }

  @Get()
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async list(@Req() request: Request, @Query() { limit }: LimitQuery) {
    return { drafts: await listDrafts(officerOf(request), limit, this.ports) };
  }

  @Get(':id')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async show(
    @Req() request: Request,
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) response: Response,
  ) {
    const draft = await readDraft(officerOf(request), id, this.ports);
    response.setHeader('etag', `"${draft.digest}"`);
    return shownDraft(draft);
  }

  @Put(':id')
  @AllowedFor('officer')
  async change(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    const actor = officerOf(request);
    const ref = { unit: actor.unit, id, digest: readIfMatch(request) };
    const submission = readSubmission(await readJson(request, this.ports.self, 'document_and_records'));
    return changeDraft(actor, ref, submission, this.ports);
  }

  @Delete(':id')
  @HttpCode(204)
  @AllowedFor('officer')
  async discard(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    const actor = officerOf(request);
    await discardDraft(actor, { unit: actor.unit, id, digest: readIfMatch(request) }, this.ports);
  }

  @Post(':id/approvals')
  @HttpCode(204)
  @AllowedFor('officer')
  async approve(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    const actor = officerOf(request);
    const shape = { digest: DIGEST, role: oneOf(ROLES), kind: oneOf(APPROVAL_KINDS) };
    const { digest, role, kind } = readMembers(await readJson(request, this.ports.self), shape);
    await approveDraft(actor, { unit: actor.unit, id, digest }, { role, kind }, this.ports);
  }

  @Post(':id/decisions')
  @HttpCode(204)
  @AllowedFor('officer')
  async decide(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    const actor = officerOf(request);
    const shape = { digest: DIGEST, pointer: POINTER, reason: oneOf(KEEP_REASONS) };
    const { digest, pointer, reason } = readMembers(await readJson(request, this.ports.self), shape);
    await decideText(actor, { unit: actor.unit, id, digest }, { pointer, reason }, this.ports);
  }

  @Put(':id/hold')
  @HttpCode(204)
  @AllowedFor('officer')
  async hold(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    await this.setHold(request, id, true);
  }

  @Delete(':id/hold')
  @HttpCode(204)
  @AllowedFor('officer')
  async release(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string) {
    await this.setHold(request, id, false);
  }

  /** Seals and queues what all have agreed to. The answer comes when it is durable. */
  @Post(':id/send')
  @HttpCode(202)
  @AllowedFor('officer')
  async send(@Req() request: Request, @Param('id', ParseUUIDPipe) draftId: string) {
    const actor = officerOf(request);
    const idempotencyKey = readIdempotencyKey(request);
    return send({ unit: actor.unit, actor, handIn: { draftId }, idempotencyKey, clientId: actor.id }, this.sendPorts);
  }

  private async setHold(request: Request, id: string, hold: boolean): Promise<void> {
    const actor = officerOf(request);
    const { digest } = readMembers(await readJson(request, this.ports.self), { digest: DIGEST });
    await holdDraft(actor, { unit: actor.unit, id, digest }, hold, this.ports);
  }
}
