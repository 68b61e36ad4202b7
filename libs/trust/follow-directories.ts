import { asTraoError, TraoError, type Code } from '../errors';
import { digestOf } from '../envelope';
import type { TrustAnchor } from './anchor';
import { adoptDirectory, bringIntoForce, type InForce, type JudgedAt } from './directory';
import type { Governance } from '../schema';
import { glanceAt, samePayload, type DirectoryGlance } from './directory-document';
import { signersOf, voicesOf } from './signers';

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
 * Compares a copy, such as one that a partner shows, with the directory in force. It changes nothing. A copy that the quorum has not
 * signed costs little, however large it is: it comes from somebody else.
 * @param links as in `followDirectories`; the last is the copy
 */
export async function compareDirectory(
  links: readonly Uint8Array[],
  anchor: TrustAnchor,
  now: Date,
  inForce: InForce,
): Promise<Comparison> {
  let version: number | undefined;
  try {
    const copy = glanceAt(links.at(-1)!);
    ({ version } = copy);
    const known = glanceAt(inForce.signed);
    // The same again, though it may have expired meanwhile; that is for the keeper of the one in force to tell.
    if (samePayload(copy.document, known.document)) return { kind: 'same', version };
    if (version < known.version) return { kind: 'older', version };
    let last = inForce;
    for (const [index, signed] of links.entries()) {
      const isLast = index === links.length - 1;
      await assertSignedBy(last.directory.governance, glanceAt(signed), isLast ? now : undefined);
      last = await followDirectories([signed], anchor, isLast ? now : 'as issued', last);
    }
    return { kind: 'newer', version, payloadDigest: digestOf(copy.document.payload) };
  } catch (error) {
    return { kind: 'refused', version, code: asTraoError(error).code };
  }
}

/** @throws TraoError `directory_below_threshold` */
async function assertSignedBy(
  governance: Governance,
  { document, issuedAt }: DirectoryGlance,
  now = issuedAt,
): Promise<void> {
  if (voicesOf(await signersOf(document, governance, now)).length < governance.threshold)
    throw new TraoError('directory_below_threshold');
}
