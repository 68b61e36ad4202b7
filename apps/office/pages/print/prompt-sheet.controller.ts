import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { faultAt, TraoError } from '../../../../libs/errors';
import { promptSheetPdf } from '../../../../libs/print';
import { codeList, type Purpose } from '../../../../libs/schema';
import { PageFor } from '../shell/page-access';
import { sendPdf } from './send-pdf';

const LANGUAGES = ['both', 'vi', 'en'] as const;

/** The questions of a referral on paper, for interviews without a screen. Nothing about anybody is on it. */
@Controller('new')
export class PromptSheetController {
  /**
   * `?purpose=PROTECT&language=vi`; all purposes and both languages unless one is asked for.
   * @throws TraoError `bad_request` for others than there are
   */
  @Get('prompt-sheet.pdf')
  @PageFor('signed_in')
  async sheet(
    @Query('purpose') asked: unknown,
    @Query('language') language: unknown = 'both',
    @Res() response: Response,
  ): Promise<void> {
    const purpose = codeList('purpose')?.entries.find(({ code }) => code === asked)?.code as Purpose | undefined;
    const known = LANGUAGES.find((one) => one === language);
    const faults = [...(asked === undefined || purpose ? [] : ['?purpose']), ...(known ? [] : ['?language'])];
    if (!known || faults.length > 0) {
      throw new TraoError('bad_request', { faults: faults.map((at) => faultAt(at, 'bad_parameter')) });
    }
    const pdf = await promptSheetPdf({ purpose, language: known, at: new Date() });
    await sendPdf(response, pdf, 'inline', `prompt-sheet${purpose ? `-${purpose.toLowerCase()}` : ''}`);
  }
}
