import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { listCaseFiles, readFile, type CaseFilePorts, type Self, type ShownFile } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { labelOf } from '../../../../libs/schema';
import { Database } from '../../../../libs/storage';
import { formatBytes } from '../../../../libs/text';
import type { Client } from '../../clients';
import { sendFile } from '../../file-response';
import { CASE_FILE_PORTS, CLIENTS, SELF } from '../../tokens';
import { PageFor, READERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { caseFrame, hrefOf, type FrameParts } from './case-frame';
import { CaseLists } from './case-lists';
import { assertUuid, CaseRoom, isOpenCase } from './case-room';

/** Files of a case: what came with it, how each one stands, and the ones that may be opened. */
@Controller('cases/:id/files')
export class CaseFilesPageController {
  private readonly parts: FrameParts;

  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    lists: CaseLists,
    database: Database,
    @Inject(SELF) self: Self,
    @Inject(CLIENTS) clients: readonly Client[],
    @Inject(CASE_FILE_PORTS) private readonly files: CaseFilePorts,
  ) {
    this.parts = { shell, lists, database, self, clients };
  }

  @Get()
  @PageFor(READERS)
  async list(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const entered = await this.enter(request, response, id);
    if (!entered) return;
    const t = this.shell.translator(request);
    const { officer, shown } = entered;
    const files = isOpenCase(shown) ? await this.room.guarded(id, () => listCaseFiles(officer, id, this.files)) : [];
    const frame = await caseFrame(request, 'files', entered, this.parts);
    this.shell.show(request, response, 'cases/files.njk', {
      title: `${frame.reference} – ${t('case:tab.files')}`,
      case: frame,
      files: files.map((file) => this.line(id, file, request)),
    });
  }

  /** A browser never shows a file inside our pages: it is saved. */
  @Get(':fileId')
  @PageFor(READERS)
  async download(
    @Param('id') id: string,
    @Param('fileId') fileId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    assertUuid(fileId);
    const { officer } = await this.room.enter(request, id, 'file_opened', fileId);
    const known = await listCaseFiles(officer, id, this.files);
    if (!known.some((file) => file.id === fileId)) throw new TraoError('not_found');
    await sendFile(response, await this.room.guarded(id, () => readFile(officer, fileId, this.files)));
  }

  /** Nothing where the case asks for a reason first: its first page does that. */
  private async enter(request: Request, response: Response, id: string) {
    try {
      return await this.room.enter(request, id, 'case_opened');
    } catch (error) {
      if (asTraoError(error).code !== 'reason_needed') throw error;
      response.redirect(303, hrefOf(id, 'summary'));
      return undefined;
    }
  }

  private line(caseId: string, file: ShownFile, request: Request) {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    const { id, name, type, state, bytes, sha256, description, delivery } = file;
    return {
      name: name ?? labelOf('attachmentType', type, language) ?? type,
      type: labelOf('attachmentType', type, language),
      description,
      size: bytes === undefined ? undefined : formatBytes(bytes, language),
      state: { text: t(`case:files.state.${state}`), classes: `govuk-tag--${STATE_COLOURS[state] ?? 'yellow'}` },
      delivery: delivery && t(`case:files.delivery.${delivery}`),
      sha256,
      href: state === 'clean' ? `/cases/${caseId}/files/${id}` : undefined,
    };
  }
}

const STATE_COLOURS: Readonly<Record<string, string>> = { clean: 'green', infected: 'red', damaged: 'red' };
