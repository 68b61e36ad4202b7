import { Controller, Delete, Get, Header, HttpCode, Inject, Param, ParseUUIDPipe } from '@nestjs/common';
import { Post, Put, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import {
  exportCase,
  forwardCase,
  holdCase,
  reviewOverride,
  searchCases,
  showCase,
  type DraftPorts,
  type NotesPorts,
  type ReadPorts,
} from '../../libs/casework';
import { AllowedFor, officerOf } from './access.guard';
import { ROLES } from './clients';
import { ExportQuery } from './list-query';
import { numberWithin, oneOf, optional, readJson, readMembers, something, textLike, textWithin } from './request-parts';
import { asConsent } from './submission';
import { DRAFT_PORTS, NOTES_PORTS, READ_PORTS } from './tokens';

const UNIT = textLike(/^[a-z]{2}(-[a-z]{2})?\.[a-z0-9-]{1,60}$/);
const SEARCH = { words: textWithin(1, 200), limit: optional(numberWithin(1, 200)) };

/** The cases of a unit: what is known of each, and what an officer may do with it. */
@Controller('v1/units/:unit/cases')
export class CasesController {
  constructor(
    @Inject(READ_PORTS) private readonly reading: ReadPorts,
    @Inject(DRAFT_PORTS) private readonly drafts: DraftPorts,
    @Inject(NOTES_PORTS) private readonly notes: NotesPorts,
  ) {}

  /** The words are names of people. They come in the body, because proxies and browsers keep the URLs of requests. */
  @Post('search')
  @HttpCode(200)
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async search(@Req() request: Request) {
    const { words, limit = 50 } = readMembers(await readJson(request, this.drafts.self), SEARCH);
    return { referrals: await searchCases(officerOf(request).unit, words, limit, this.reading) };
  }

  @Get(':referralId')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async show(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    return showCase(officerOf(request).unit, referralId, this.reading);
  }

  @Put(':referralId/hold')
  @HttpCode(204)
  @AllowedFor('officer')
  async hold(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    await holdCase(officerOf(request), referralId, true, this.notes);
  }

  @Delete(':referralId/hold')
  @HttpCode(204)
  @AllowedFor('officer')
  async release(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    await holdCase(officerOf(request), referralId, false, this.notes);
  }

  /** Notes that data protection has looked again at a decision to share without consent. */
  @Post(':referralId/override-review')
  @HttpCode(204)
  @AllowedFor('officer')
  async review(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    await reviewOverride(officerOf(request), referralId, this.notes);
  }

  /** Drafts a referral to another unit from the content of the case. */
  @Post(':referralId/forward')
  @AllowedFor('officer')
  async forward(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    const actor = officerOf(request);
    const shape = {
      recipientUnit: UNIT,
      authorRole: oneOf(ROLES),
      approverRole: oneOf(ROLES),
      consent: optional(something),
    };
    const body = await readJson(request, this.drafts.self, 'document_and_records');
    const { consent, ...to } = readMembers(body, shape);
    return forwardCase(
      actor,
      { referralId, ...to, record: asConsent(consent) },
      { drafts: this.drafts, reading: this.reading },
    );
  }

  @Get(':referralId/export')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async export(
    @Req() request: Request,
    @Param('referralId', ParseUUIDPipe) referralId: string,
    @Query() { use }: ExportQuery,
  ) {
    return exportCase(officerOf(request), referralId, use, { drafts: this.drafts, reading: this.reading });
  }
}
