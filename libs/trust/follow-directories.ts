import { asTraoError, type Code } from '../errors';
import { digestOf } from '../envelope';
import type { TrustAnchor } from './anchor';
import { adoptDirectory, bringIntoForce, type InForce, type JudgedAt } from './directory';
import { readDirectory, samePayload, type DirectoryDocument } from './directory-document';

/**
 * Follows versions from the one in force, each proven by the one before; the last is judged at `now`, those on the way to it as they
 * were issued: after a change of governance, what was in force before proves nothing newer.
 * @param links oldest first, at least one
 * @throws TraoError `directory_*`, `wrong_domain`
 */
export async function followDirectories(
  links: readonly Uint8Array[],
  anchor: TrustAnchor,
  now: JudgedAt,
  inForce?: InForce,
): Promise<InForce> {
  let last = inForce;
  for (const [index, signed] of links.entries()) {
    const at = index === links.length - 1 ? now : 'as issued';
    last = await bringIntoForce(await adoptDirectory(signed, anchor, at, last), signed, last);
  }
  return last!;
}

/** What a copy of the directory is to the one in force. */
export type Comparison =
  | { readonly kind: 'same' | 'older'; readonly version: number }
  | { readonly kind: 'newer'; readonly version: number; readonly payloadDigest: string }
  | { readonly kind: 'refused'; readonly version: number | undefined; readonly code: Code };

/**
 * Compares a copy, such as one that a partner shows, with the directory in force. It changes nothing.
 * @param links as in `followDirectories`; the last is the copy
 * @throws TraoError of this machine only
 */
export async function compareDirectory(
  links: readonly Uint8Array[],
  anchor: TrustAnchor,
  now: Date,
  inForce: InForce,
): Promise<Comparison> {
  const copy = await tryRead(links.at(-1)!);
  if (!('directory' in copy)) return { kind: 'refused', version: undefined, code: copy.code };
  const { version } = copy.directory;
  const known = await readDirectory(inForce.signed);
  // The same again, though it may have expired meanwhile; that is for the keeper of the one in force to tell.
  if (samePayload(copy.document, known.document)) return { kind: 'same', version };
  if (version < inForce.directory.version) return { kind: 'older', version };
  try {
    await followDirectories(links, anchor, now, inForce);
  } catch (error) {
    return { kind: 'refused', version, code: asTraoError(error).code };
  }
  return { kind: 'newer', version, payloadDigest: digestOf(copy.document.payload) };
}

const tryRead = (signed: Uint8Array): Promise<DirectoryDocument | { readonly code: Code }> =>
  readDirectory(signed).catch((error: unknown) => ({ code: asTraoError(error).code }));
