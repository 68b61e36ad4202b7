import { TraoError } from '../errors';
import type { MimeType } from '../schema';

/** How many bytes of a file say what it is. */
export const HEAD_BYTES = 8;

/** First bytes: PDF (ISO 32000-2 §7.5.2), JPEG (ITU-T T.81 §B.1.1.3: SOI and the next marker), PNG (ISO/IEC 15948 §5.2). */
const MAGIC: Readonly<Record<MimeType, Uint8Array>> = {
  'application/pdf': Buffer.from('%PDF-', 'latin1'),
  'image/jpeg': Buffer.of(0xff, 0xd8, 0xff),
  'image/png': Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
};

export const MIME_TYPES = Object.keys(MAGIC) as readonly MimeType[];

/** The type that the first bytes of a file say, or undefined when it is none that may travel. */
export function mimeOf(head: Uint8Array): MimeType | undefined {
  return MIME_TYPES.find((mime) => Buffer.from(head.subarray(0, MAGIC[mime].length)).equals(MAGIC[mime]));
}

/**
 * Names and declared types are only claims: the bytes decide.
 * @throws TraoError `file_type` when the first bytes are not those of the claimed type
 */
export function assertFileType(claimed: MimeType, head: Uint8Array): void {
  if (mimeOf(head) !== claimed) throw new TraoError('file_type', { detail: claimed });
}

const ENDINGS: Readonly<Record<MimeType, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
};

/** Whether a name ends as names of that type do: what is opened by its name must be what its bytes are. */
export function fitsName(mime: MimeType, name: string): boolean {
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return ENDINGS[mime].includes(ending);
}

/** The end of a name that fits a type: what a download is called. */
export const extensionOf = (mime: MimeType): string => ENDINGS[mime][0]!;
