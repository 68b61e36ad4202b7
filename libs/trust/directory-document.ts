import { asTraoError, TraoError } from '../errors';
import {
  countersign,
  encodeBase64url,
  isCountersignedBy,
  readCountersigned,
  type Countersigned,
  type SigningKey,
  type VerificationKey,
} from '../envelope';
import { assertDirectory, parseStrictJson, type Directory } from '../schema';
import { assertSound } from './soundness';

const DIRECTORY_TYP = 'trao-directory+jws';
/** Of the signed text and of the document in it. */
export const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** A directory with whatever signatures stand under it; none of them is verified yet. */
export interface DirectoryDocument {
  readonly directory: Directory;
  readonly document: Countersigned;
}

/**
 * Reads a directory, signed or proposed: form of the JWS, strict JSON, schema, soundness.
 * @throws TraoError `directory_malformed`, `directory_key_reused` with all faults found
 */
export async function readDirectory(text: Uint8Array): Promise<DirectoryDocument> {
  const document = readCountersigned(text, DIRECTORY_TYP, MAX_DIRECTORY_BYTES);
  try {
    const directory = await soundDirectory(parseStrictJson(document.payload, { maxBytes: MAX_DIRECTORY_BYTES }));
    return { directory, document };
  } catch (cause) {
    const { code, faults, detail } = asTraoError(cause);
    if (code === 'directory_key_reused') throw cause;
    throw new TraoError('directory_malformed', { cause, faults, ...(detail !== undefined && { detail }) });
  }
}

/** What of a directory can be told without judging it. */
export interface DirectoryGlance {
  readonly document: Countersigned;
  readonly version: number;
  readonly issuedAt: Date;
}

/**
 * A first look at a directory from outside: enough to see whether the signatures under it are worth the work of judging it, which is a
 * thousand times more.
 * @throws TraoError `directory_malformed`
 */
export function glanceAt(text: Uint8Array): DirectoryGlance {
  const document = readCountersigned(text, DIRECTORY_TYP, MAX_DIRECTORY_BYTES);
  try {
    const payload = parseStrictJson(document.payload, { maxBytes: MAX_DIRECTORY_BYTES });
    const { version, issuedAt } = payload as { version?: unknown; issuedAt?: unknown };
    if (typeof version === 'number' && typeof issuedAt === 'string')
      return { document, version, issuedAt: new Date(issuedAt) };
  } catch (cause) {
    throw new TraoError('directory_malformed', { cause });
  }
  throw new TraoError('directory_malformed');
}

/**
 * The text that signers exchange: the bytes of the document, which stay as they are from here on, and no signature.
 * @throws TraoError `directory_malformed`, `directory_key_reused` with all faults found
 */
export async function proposeDirectory(directory: unknown): Promise<string> {
  return countersign(bytesOf(await soundDirectory(directory)), DIRECTORY_TYP, []);
}

/** Signs a directory document. Every signer runs this on the same bytes; the document is checked first. */
export async function signDirectory(directory: Directory, keys: readonly SigningKey[]): Promise<string> {
  return countersign(bytesOf(await soundDirectory(directory)), DIRECTORY_TYP, keys);
}

/** The document with one signature more, over its bytes as they are. */
export async function addSignature(document: Countersigned, key: SigningKey): Promise<Countersigned> {
  const alone = await countersign(document.payload, DIRECTORY_TYP, [key]);
  return mergeSignatures([document, readCountersigned(Buffer.from(alone), DIRECTORY_TYP, MAX_DIRECTORY_BYTES)]);
}

/**
 * Copies of one document as one, with the signatures of all, each once.
 * @throws TraoError `directory_fork` when they are not copies of one document
 */
export function mergeSignatures(copies: readonly Countersigned[]): Countersigned {
  const { payload } = copies[0]!;
  if (!copies.every((copy) => samePayload(copy, copies[0]!))) throw new TraoError('directory_fork');
  const all = copies.flatMap(({ signatures }) => signatures);
  const signatures = new Map(all.map((entry) => [`${entry.protected}.${entry.signature}`, entry]));
  return { payload, signatures: [...signatures.values()] };
}

/** The document with those signatures only that one of the keys has made. */
export function keepSignatures(document: Countersigned, keys: readonly VerificationKey[]): Countersigned {
  const { payload } = document;
  const signatures = document.signatures.filter((entry) =>
    keys.some((key) => isCountersignedBy({ payload, signatures: [entry] }, key)),
  );
  return { payload, signatures };
}

/** The document as text. */
export function writeDirectory({ payload, signatures }: Countersigned): string {
  return JSON.stringify({
    payload: encodeBase64url(payload),
    signatures: signatures.map((entry) => ({ protected: entry.protected, signature: entry.signature })),
  });
}

export const samePayload = (a: Countersigned, b: Countersigned): boolean => Buffer.compare(a.payload, b.payload) === 0;

const bytesOf = (directory: Directory) => Buffer.from(JSON.stringify(directory));

async function soundDirectory(directory: unknown): Promise<Directory> {
  assertDirectory(directory);
  await assertSound(directory);
  return directory;
}
