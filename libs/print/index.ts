import type { Readable } from 'node:stream';
import { printPaper } from './print-paper';
import { referralPaper, type ReferralPrint } from './referral-paper';

export { labelled, messageSections } from './message-sections';
export type { TextPair } from './paper';
export { inGroups, verificationCode } from './referral-paper';
export type {
  PrintedMessage,
  PrintedRow,
  PrintedSection,
  PrintedValue,
  Printing,
  ReferralPrint,
} from './referral-paper';

/**
 * A printed referral: every word in Vietnamese and English, how it may be used on top of each page, who printed it behind the
 * text, and at the end the digest by which it can be compared.
 * @throws RangeError for a time zone that is not known
 */
export async function referralPdf(print: ReferralPrint): Promise<Readable> {
  return printPaper(referralPaper(print));
}
