import { Controller, Get, Headers, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { fitsName, MIME_TYPES } from '../../../../libs/attachments';
import { appendFile, beginFile, uploadProgress, type FilePorts, type Progress } from '../../../../libs/casework';
import { asTraoError, entryOf, TraoError } from '../../../../libs/errors';
import { codeList, type AttachmentType } from '../../../../libs/schema';
import { isOwnForm } from '../../../../libs/sign-in';
import { FILE_PORTS } from '../../tokens';
import { assertUuid } from '../cases/case-room';
import { ChecksOwnForm } from '../../../../libs/web';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { fileSentence } from './file-sentences';

/**
 * Uploads that show how far they are and go on after an interruption, for the script of the page: a file is announced, its bytes follow
 * piece by piece. Without JavaScript the form of the page sends whole files instead.
 */
@Controller('drafts/:id/attachments/uploads')
export class DraftUploadsController {
  constructor(
    private readonly shell: Shell,
    @Inject(FILE_PORTS) private readonly files: FilePorts,
  ) {}

  @Post()
  @HttpCode(201)
  @PageFor(READERS)
  async begin(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, async () => {
      assertUuid(id);
      const { name, type, bytes } = request.body as Readonly<Record<string, unknown>>;
      const known = codeList('attachmentType')!.entries.find(({ code }) => code === type);
      if (!known || typeof name !== 'string' || !/^\d{1,12}$/.test(String(bytes))) throw new TraoError('bad_request');
      if (Number(bytes) === 0) throw new TraoError('file_empty');
      const mime = MIME_TYPES.find((one) => fitsName(one, name));
      if (!mime) throw new TraoError('file_type');
      const claim = { name: name.slice(-200), type: known.code as AttachmentType, mime, bytes: Number(bytes) };
      return { ...(await beginFile(visitorOf(request), id, claim, this.files)), offset: 0 };
    });
  }

  @Get(':fileId')
  @PageFor(READERS)
  async progress(
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(request, response, () => {
      assertUuid(id);
      assertUuid(fileId);
      return uploadProgress(visitorOf(request), id, fileId, this.files);
    });
  }

  /** The body is a piece of the file, not the fields of a form: its token comes in a header. */
  @Patch(':fileId')
  @ChecksOwnForm()
  @PageFor(READERS)
  async append(
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Headers('upload-offset') offset: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(request, response, async (): Promise<Progress> => {
      if (!isOwnForm(request)) throw new TraoError('form_expired');
      assertUuid(id);
      assertUuid(fileId);
      if (!/^\d{1,12}$/.test(offset ?? '')) throw new TraoError('bad_request');
      const bytes = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
      return appendFile(visitorOf(request), { draftId: id, id: fileId, offset: Number(offset) }, bytes, this.files);
    });
  }

  /** Answers with JSON, also for faults: the sentence is for the person who looks at the progress. */
  private async answer(request: Request, response: Response, work: () => Promise<object>): Promise<void> {
    try {
      response.json(await work());
    } catch (error) {
      const { code } = asTraoError(error);
      // What is left of the body is read and dropped, or whoever sends it would never hear why.
      request.resume();
      const { http, retry } = entryOf(code);
      const line = fileSentence(code, this.shell.translator(request), this.shell.language(request));
      response.status(http).json({ code, line, again: retry === 'later' || code === 'file_interrupted' });
    }
  }
}
