import { faultAt, TraoError, type Fault } from '../errors';
import { fitsName, MIME_TYPES } from '../attachments';
import { codeList, type AttachmentType, type MimeType } from '../schema';
import { codePoints } from '../text';

/** What an officer says of a file. */
export interface FileClaim {
  readonly name: string;
  readonly type: AttachmentType;
  readonly mime: MimeType;
  readonly description?: string | undefined;
  readonly language?: string | undefined;
  readonly pages?: number | undefined;
  /** Its length, where it is known before. */
  readonly bytes?: number | undefined;
  /** A paper that stays here, such as the signed consent form: it is never sent. */
  readonly keep?: boolean | undefined;
}

const MAX_NAME = 200;
const MAX_DESCRIPTION = 500;
const MAX_PAGES = 500;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
/** Control characters, and what turns the direction of a text: a name must look like what it is. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

type Described = Pick<FileClaim, 'type' | 'description' | 'language' | 'pages'>;

/** @throws TraoError `bad_request` with every fault, `file_type` for a name that ends like another type */
export function assertClaim(claim: FileClaim): void {
  const { name, mime } = claim;
  const faults = [...nameFaults(name), ...codeFaults('/mime', mime, MIME_TYPES), ...descriptionFaults(claim)];
  if (faults.length > 0) throw new TraoError('bad_request', { faults });
  if (!fitsName(mime, name)) throw new TraoError('file_type', { detail: mime });
}

/** @throws TraoError `bad_request` */
export function assertDescription(described: Described): void {
  const faults = descriptionFaults(described);
  if (faults.length > 0) throw new TraoError('bad_request', { faults });
}

function nameFaults(name: string): Fault[] {
  const length = codePoints(name.normalize('NFC'));
  if (length === 0) return [faultAt('/name', 'required')];
  if (length > MAX_NAME) return [faultAt('/name', 'too_long', MAX_NAME)];
  return UNSEEN.test(name) ? [faultAt('/name', 'wrong_form')] : [];
}

function descriptionFaults({ type, description = '', language, pages }: Described): Fault[] {
  const types = codeList('attachmentType')!.entries.map(({ code }) => code);
  const tooLong = codePoints(description.normalize('NFC')) > MAX_DESCRIPTION;
  return [
    ...codeFaults('/type', type, types),
    ...(tooLong ? [faultAt('/description', 'too_long', MAX_DESCRIPTION)] : []),
    ...(language !== undefined && !LANGUAGE.test(language) ? [faultAt('/language', 'wrong_form')] : []),
    ...(pages === undefined ? [] : pageFaults(pages)),
  ];
}

function pageFaults(pages: number): Fault[] {
  if (!Number.isInteger(pages) || pages < 1) return [faultAt('/pages', 'too_small', 1)];
  return pages > MAX_PAGES ? [faultAt('/pages', 'too_big', MAX_PAGES)] : [];
}

const codeFaults = (pointer: string, code: string, listed: readonly string[]): Fault[] =>
  listed.includes(code) ? [] : [faultAt(pointer, 'code_not_listed')];
