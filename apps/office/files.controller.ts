import { Controller, Delete, Get, Header, Headers, Inject, Param, ParseUUIDPipe } from '@nestjs/common';
import { Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FILE_LIMITS, MIME_TYPES } from '../../libs/attachments';
import {
  appendFile,
  beginFile,
  describeFile,
  listCaseFiles,
  listDraftFiles,
  readFile,
  removeFile,
  uploadProgress,
  type CaseFilePorts,
  type FilePorts,
  type Progress,
  type Self,
} from '../../libs/casework';
import { TraoError } from '../../libs/errors';
import { codeList, type AttachmentType } from '../../libs/schema';
import { AllowedFor, officerOf } from './access.guard';
import { sendFile } from './file-response';
import { numberWithin, oneOf, optional, readJson, readMembers, textLike, textWithin } from './request-parts';
import { yesOrNo } from './request-parts';
import { CASE_FILE_PORTS, FILE_PORTS, SELF } from './tokens';

const TYPES = codeList('attachmentType')!.entries.map(({ code }) => code as AttachmentType);
const DESCRIBED = {
  type: oneOf(TYPES),
  description: optional(textWithin(0, 500)),
  language: optional(textLike(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)),
  pages: optional(numberWithin(1, 500)),
};
const CLAIM = {
  ...DESCRIBED,
  name: textWithin(1, 200),
  mime: oneOf(MIME_TYPES),
  bytes: numberWithin(0, Number.MAX_SAFE_INTEGER),
  keep: optional(yesOrNo),
};
const PATCH_MEDIA_TYPE = 'application/offset+octet-stream';

/**
 * Files of a draft. An upload is announced, then its bytes follow in as many requests as the line needs; the headers are those of tus
 * 1.0 (`Upload-Offset`, `Upload-Length`).
 */
@Controller('v1/units/:unit/drafts/:draftId/files')
export class DraftFilesController {
  constructor(
    @Inject(FILE_PORTS) private readonly ports: FilePorts,
    @Inject(SELF) private readonly self: Self,
  ) {}

  @Get()
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async list(@Req() request: Request, @Param('draftId', ParseUUIDPipe) draftId: string) {
    return { files: await listDraftFiles(officerOf(request), draftId, this.ports), limits: FILE_LIMITS };
  }

  @Post()
  @AllowedFor('officer')
  async begin(@Req() request: Request, @Param('draftId', ParseUUIDPipe) draftId: string) {
    const claim = readMembers(await readJson(request, this.self), CLAIM);
    return beginFile(officerOf(request), draftId, claim, this.ports);
  }

  /** Nest answers HEAD by the route of GET. */
  @Get(':id')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async progress(
    @Req() request: Request,
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Progress> {
    const progress = await uploadProgress(officerOf(request), draftId, id, this.ports);
    response.setHeader('upload-offset', progress.offset);
    return progress;
  }

  @Patch(':id')
  @AllowedFor('officer')
  async append(
    @Req() request: Request,
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Headers('upload-offset') header: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Progress> {
    if (!request.is(PATCH_MEDIA_TYPE)) throw new TraoError('unsupported_media_type');
    if (!/^\d{1,15}$/.test(header ?? '')) {
      throw new TraoError('bad_request', { detail: 'An Upload-Offset header is needed.' });
    }
    const ref = { draftId, id, offset: Number(header) };
    const progress = await appendFile(officerOf(request), ref, bodyOf(request), this.ports).catch((error: unknown) => {
      request.resume();
      throw error;
    });
    response.setHeader('upload-offset', progress.offset);
    return progress;
  }

  @Put(':id/description')
  @AllowedFor('officer')
  async describe(
    @Req() request: Request,
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Param('id', ParseUUIDPipe) id: string,
  ) {
    const description = readMembers(await readJson(request, this.self), DESCRIBED);
    return describeFile(officerOf(request), { draftId, id }, description, this.ports);
  }

  @Delete(':id')
  @AllowedFor('officer')
  async remove(
    @Req() request: Request,
    @Param('draftId', ParseUUIDPipe) draftId: string,
    @Param('id', ParseUUIDPipe) id: string,
  ) {
    return removeFile(officerOf(request), { draftId, id }, this.ports);
  }
}

/** The body as it comes. Reading it no further leaves the connection open: whoever sends has to hear why. */
const bodyOf = (request: Request): AsyncIterable<Uint8Array> => request.iterator({ destroyOnReturn: false });

/** Files of a unit's cases, and the content of any of its files that may be opened. */
@Controller('v1/units/:unit')
export class CaseFilesController {
  constructor(@Inject(CASE_FILE_PORTS) private readonly ports: CaseFilePorts) {}

  @Get('cases/:referralId/files')
  @AllowedFor('officer')
  @Header('cache-control', 'no-store')
  async list(@Req() request: Request, @Param('referralId', ParseUUIDPipe) referralId: string) {
    return { files: await listCaseFiles(officerOf(request), referralId, this.ports) };
  }

  @Get('files/:id/content')
  @AllowedFor('officer')
  async content(@Req() request: Request, @Param('id', ParseUUIDPipe) id: string, @Res() response: Response) {
    await sendFile(response, await readFile(officerOf(request), id, this.ports));
  }
}
