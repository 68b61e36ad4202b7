import type { Readable } from 'node:stream';
import { printPaper } from './print-paper';
import { promptPaper, type PromptSheet } from './prompt-paper';
import { referralPaper, type ReferralPrint } from './referral-paper';

/**
 * A printed referral: every word in Vietnamese and English, how it may be used on top of each page, who printed it behind the
 * text, and at the end the digest by which it can be compared.
 * @throws RangeError for a time zone that is not known
 */
export async function referralPdf(print: ReferralPrint): Promise<Readable> {
  return printPaper(referralPaper(print));
}

/** The questions of a referral on paper, to take to an interview. */
export async function promptSheetPdf(sheet: PromptSheet): Promise<Readable> {
  return printPaper(promptPaper(sheet));
}
