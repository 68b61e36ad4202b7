export { labelled, messageSections } from './message-sections';
export type { TextPair } from './paper';
export { promptSheetPdf, referralPdf } from './pdf';
export type { PromptSheet } from './prompt-paper';
export { inGroups, verificationCode } from './referral-paper';
export type {
  PrintedMessage,
  PrintedRow,
  PrintedSection,
  PrintedValue,
  Printing,
  ReferralPrint,
} from './referral-paper';
