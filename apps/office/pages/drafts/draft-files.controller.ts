import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FILE_LIMITS, fitsName, MIME_TYPES } from '../../../../libs/attachments';
import { changeDraft, listDraftFiles, receiveFile, removeFile, type FilePorts } from '../../../../libs/casework';
import { asTraoError, entryOf, TraoError } from '../../../../libs/errors';
import { codeList, labelOf, type AttachmentType } from '../../../../libs/schema';
import { formatBytes } from '../../../../libs/text';
import { FILE_PORTS } from '../../tokens';
import { ChecksOwnForm } from '../../../../libs/web';
import { PageFor, READERS } from '../shell/page-access';
import { DraftDesk, type OpenedDraft } from './draft-desk';
import { fileSentence, maxFileSize } from './file-sentences';
import { groundOf, recordLens, toSubmission } from './lens';
import { readFiles, type ComingFile } from './multipart';

/** Files of a draft: a plain form that also works without JavaScript, several files at once. */
@Controller('drafts/:id')
export class DraftFilesPageController {
  constructor(
    private readonly desk: DraftDesk,
    @Inject(FILE_PORTS) private readonly files: FilePorts,
  ) {}

  @Get('attachments/files')
  @PageFor(READERS)
  async list(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    if (!opened.mayWrite) return response.redirect(303, `/drafts/${id}/check`);
    await this.show(request, response, opened);
  }

  @Post('attachments/files')
  @ChecksOwnForm()
  @PageFor(READERS)
  async upload(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    assertWriter(opened);
    await this.take(request, response, opened, async () => {
      const count = await readFiles(request, async (file) => {
        const type = file.fields['type'];
        const known = codeList('attachmentType')!.entries.find(({ code }) => code === type);
        if (!known) throw new TraoError('bad_request');
        await this.receive(opened, file, known.code as AttachmentType, false);
      });
      if (count === 0) throw new TraoError('bad_request');
      response.redirect(303, `/drafts/${id}/attachments/files`);
    });
  }

  @Post('attachments/files/remove')
  @PageFor(READERS)
  async remove(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    assertWriter(opened);
    const { file } = request.body as { readonly file?: unknown };
    await removeFile(opened.officer, { draftId: id, id: String(file) }, this.files);
    response.redirect(303, `/drafts/${id}/attachments/files`);
  }

  /** The signed form stays here; its digest goes into the consent, so that nobody can put another one in its place. */
  @Post('signed-form')
  @ChecksOwnForm()
  @PageFor(READERS)
  async signedForm(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    assertWriter(opened);
    if (groundOf(opened.written) !== 'consent' || !opened.purpose) throw new TraoError('not_found');
    await this.take(request, response, opened, async () => {
      const received: string[] = [];
      await readFiles(request, async (file) => {
        received.push(await this.receive(opened, file, 'other', true));
      });
      if (received.length === 0) throw new TraoError('bad_request');
      await this.keepDigest(request, id, received.at(-1)!);
      response.redirect(303, `/drafts/${id}/consent/form`);
    });
  }

  private async receive(
    { officer, draft }: OpenedDraft,
    { name, content }: ComingFile,
    type: AttachmentType,
    keep: boolean,
  ): Promise<string> {
    const mime = MIME_TYPES.find((one) => fitsName(one, name));
    if (!mime) throw new TraoError('file_type');
    const claim = { name: name.slice(-200), type, mime, ...(keep && { keep }) };
    const { id } = await receiveFile(officer, draft.id, claim, content, this.files);
    return id;
  }

  private async keepDigest(request: Request, draftId: string, fileId: string): Promise<void> {
    const opened = await this.desk.open(request, draftId);
    const { officer, draft, written, recipient, purpose } = opened;
    const files = await listDraftFiles(officer, draftId, this.files);
    const formSha256 = files.find(({ id }) => id === fileId)?.sha256;
    const record = { ...written.record, ...(formSha256 !== undefined && { formSha256 }) };
    const next = recordLens({ ...recipient, purpose: purpose! }).set(written, record);
    await changeDraft(
      officer,
      { unit: officer.unit, id: draftId, digest: draft.digest },
      toSubmission(next),
      this.desk.ports,
    );
  }

  /** What is wrong with a file is said on its page, and the others stay. */
  private async take(
    request: Request,
    response: Response,
    { draft }: OpenedDraft,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code } = asTraoError(error);
      if (!code.startsWith('file_') && code !== 'bad_request') throw error;
      const opened = await this.desk.open(request, draft.id);
      await this.show(request, response, opened, code);
    }
  }

  private async show(
    request: Request,
    response: Response,
    opened: OpenedDraft,
    failed?: ReturnType<typeof asTraoError>['code'],
  ): Promise<void> {
    const { officer, draft, t, language } = opened;
    const files = await listDraftFiles(officer, draft.id, this.files);
    const label = (list: string, code: string) => labelOf(list, code, language) ?? code;
    const signed = request.path.endsWith('/signed-form');
    this.desk.shell.show(
      request,
      response,
      'drafts/files.njk',
      {
        title: t('drafts:files.title'),
        back: `/drafts/${draft.id}`,
        id: draft.id,
        action: signed ? `/drafts/${draft.id}/signed-form` : `/drafts/${draft.id}/attachments/files`,
        signed,
        limits: t('drafts:files.limits', {
          count: FILE_LIMITS.maxFiles,
          size: maxFileSize(language),
        }),
        types: codeList('attachmentType')!.entries.map(({ code, label: text }) => ({
          value: code,
          text: text[language],
        })),
        files: files
          .filter(({ use }) => use === 'send')
          .map(({ id, name, type, bytes, state }) => ({
            id,
            name: name ?? label('attachmentType', type),
            type: label('attachmentType', type),
            size: bytes === undefined ? '' : formatBytes(bytes, language),
            state: t(`drafts:files.state.${state}`),
          })),
        words: Object.fromEntries(UPLOAD_WORDS.map((word) => [word, t(`drafts:files.script.${word}`)])),
        // The script goes on with these when the same file is chosen again.
        pending: files
          .filter(({ use, state }) => use === 'send' && state === 'uploading')
          .map(({ id, name, bytes }) => ({ id, name, bytes })),
        errors: failed ? [{ text: fileSentence(failed, t, language), href: '#file' }] : [],
      },
      failed ? entryOf(failed).http : 200,
    );
  }
}

/** Words of the script that shows progress (libs/pages/scripts). */
const UPLOAD_WORDS = ['percent', 'done', 'failed', 'again'] as const;

/** @throws TraoError `forbidden` */
function assertWriter({ mayWrite }: OpenedDraft): void {
  if (!mayWrite) throw new TraoError('forbidden');
}
