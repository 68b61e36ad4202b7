import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { referenceOf } from '../../../../libs/caseload';
import { exportCase, type DraftPorts, type Self } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { referralPdf } from '../../../../libs/print';
import { DRAFT_PORTS, SELF } from '../../tokens';
import { zoneOf } from '../cases/case-frame';
import { assertUuid, CaseRoom, isOpenCase } from '../cases/case-room';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { casePrint } from './case-print';
import { sendPdf } from './send-pdf';

/** Cases on paper. Whoever prints one is in its access log, and on every page. */
@Controller('cases/:id')
export class PrintController {
  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    @Inject(DRAFT_PORTS) private readonly drafts: DraftPorts,
    @Inject(SELF) private readonly self: Self,
  ) {}

  /** Opens it in the browser, to print. */
  @Get('print')
  @PageFor(READERS)
  async print(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.pdf(id, 'inline', request, response);
  }

  @Get('pdf')
  @PageFor(READERS)
  async save(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.pdf(id, 'attachment', request, response);
  }

  /**
   * What its handling forbids is not printed. It is read before the log says that it was printed, and noted before the first byte
   * leaves.
   * @throws TraoError `not_found`, `protection_refused`, `case_frozen`, `case_erased`
   */
  private async pdf(id: string, show: 'inline' | 'attachment', request: Request, response: Response): Promise<void> {
    assertUuid(id);
    const officer = visitorOf(request);
    const ports = { drafts: this.drafts, reading: this.room.reading };
    try {
      const exported = await this.room.guarded(id, () => exportCase(officer, id, 'case_file', ports));
      const { shown } = await this.room.enter(request, id, 'printed');
      if (!isOpenCase(shown)) throw new TraoError('case_erased');
      const ownZone = this.shell.timeZone;
      const partnerZone = zoneOf(this.self, shown.partnerUnit) ?? ownZone;
      const printing = { by: officer.name ?? officer.id, at: new Date(), ownZone, partnerZone };
      const pdf = await referralPdf(casePrint(exported, shown, officer.unit, printing));
      await sendPdf(response, pdf, show, referenceOf(id));
    } catch (error) {
      if (asTraoError(error).code !== 'reason_needed') throw error;
      // The page of the case asks why.
      response.redirect(303, `/cases/${id}`);
    }
  }
}
