import { FILE_LIMITS } from '../../../../libs/attachments';
import { meaningOf, type Code } from '../../../../libs/errors';
import type { Language, Translate } from '../../../../libs/pages';
import { formatBytes } from '../../../../libs/text';

/** Faults of a file for which the page has a sentence of its own: what is wrong, and so what to choose instead. */
const OWN: readonly Code[] = [
  // Nothing was chosen.
  'bad_request',
  'file_type',
  'file_too_big',
  'file_empty',
  'file_too_many',
  'file_encrypted',
  'file_infected',
  'file_offset',
  'file_interrupted',
];

/** Whole megabytes, rounded down: nobody has to work out the rest. */
export const maxFileSize = (language: Language): string =>
  formatBytes(Math.floor(FILE_LIMITS.maxFileBytes / 1e6) * 1e6, language);

/** What is wrong with a chosen file, in the words of the GOV.UK pattern. */
export function fileSentence(code: Code, t: Translate, language: Language): string {
  if (!OWN.includes(code)) return meaningOf(code, language);
  return t(`drafts:files.fault.${code}`, { size: maxFileSize(language), count: FILE_LIMITS.maxFiles });
}
