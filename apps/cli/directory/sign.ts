import { TraoError } from '../../../libs/errors';
import { importVerificationKey, isCountersignedBy, type SigningKey } from '../../../libs/envelope';
import type { GovernanceKey } from '../../../libs/schema';
import {
  addSignature,
  checkProposal,
  documentFingerprint,
  isFingerprint,
  isValidAt,
  keepSignatures,
  type DirectoryDocument,
} from '../../../libs/trust';
import { readCopies, readDirectoryFile } from './directory-files';
import { findingsOf, type Proposed } from './propose';

/**
 * What somebody is about to sign, held against their own copy of the version in force.
 * @param files copies of the proposal, with the signatures that each has
 * @throws TraoError `bad_request`, and what `checkProposal` throws
 */
export async function openProposal(
  files: readonly string[],
  baseFile: string | undefined,
  now: Date,
): Promise<Proposed> {
  const proposal = await readCopies(files);
  if (baseFile === undefined && proposal.directory.version > 1)
    throw new TraoError('bad_request', { detail: 'Give your own copy of the version in force with --base.' });
  const base = baseFile === undefined ? undefined : await readDirectoryFile(baseFile);
  await checkProposal(proposal.directory, base?.directory);
  return { ...proposal, base, findings: await findingsOf(proposal.directory, base?.directory, now) };
}

/** @throws TraoError `directory_not_confirmed` unless this is the fingerprint of the document */
export function confirm({ document }: DirectoryDocument, typed: string | undefined): void {
  if (typed !== undefined && isFingerprint(typed, documentFingerprint(document.payload))) return;
  throw new TraoError('directory_not_confirmed', {
    detail:
      typed === undefined
        ? 'Read what changes, have another country read its fingerprint to you, and give it with --fingerprint.'
        : 'What was given is not the fingerprint of this document: you do not have the document that was read to you.',
  });
}

/**
 * Signs with each of our keys that counts, in the version in force or in the proposed one: while the keys of a country change, both
 * quorums are needed.
 * @throws TraoError `directory_not_a_signer` when none counts, or a key is not the one that is listed under its id
 */
export async function sign(proposed: Proposed, keys: readonly SigningKey[], now: Date): Promise<DirectoryDocument> {
  const listed = signersOf(proposed);
  let { document } = proposed;
  const ours = keys.filter((key) => listed.some((entry) => entry.kid === key.kid));
  if (ours.length === 0)
    throw notOurs(
      keys.map(({ kid }) => kid),
      'is a governance key neither of the base nor of the proposal',
    );
  for (const key of ours) {
    const entries = listed.filter(({ kid }) => kid === key.kid);
    if (!entries.some((entry) => isValidAt(entry, now))) throw notOurs([key.kid], 'is revoked or outside of its time');
    const signed = await addSignature(document, key);
    if (!(await isBy(signed, entries)))
      throw notOurs([key.kid], 'is not the key that the directory lists under this id');
    document = signed;
  }
  return { directory: proposed.directory, document: await cleaned(document, listed) };
}

/** Governance keys of both versions. */
const signersOf = ({ directory, base }: Proposed): GovernanceKey[] => [
  ...(base?.directory.governance.keys ?? []),
  ...directory.governance.keys,
];

/** Without the signatures of anybody else: they would only take up room and confuse. */
async function cleaned(document: DirectoryDocument['document'], listed: readonly GovernanceKey[]) {
  return keepSignatures(document, await Promise.all(listed.map(({ kid, jwk }) => importVerificationKey(kid, jwk))));
}

async function isBy(document: DirectoryDocument['document'], entries: readonly GovernanceKey[]): Promise<boolean> {
  const keys = await Promise.all(entries.map(({ kid, jwk }) => importVerificationKey(kid, jwk)));
  return keys.some((key) => isCountersignedBy(document, key));
}

function notOurs(kids: readonly string[], why: string): TraoError {
  const which = kids.length > 0 ? kids.join(', ') : 'There is no key that';
  return new TraoError('directory_not_a_signer', {
    detail: `${which} ${why}. See: trao keys list, trao directory show`,
  });
}
