import { importVerificationKey, isCountersignedBy, type Countersigned } from '../envelope';
import type { Governance, GovernanceKey } from '../schema';
import { isValidAt } from './validity';

/** A governance key and what it says of a document. */
export interface Signer {
  readonly node: string;
  readonly kid: string;
  /** `not_valid`: the key is revoked or outside its time, whatever stands under the document. `bad`: a signature that does not verify. */
  readonly verdict: 'signed' | 'missing' | 'bad' | 'not_valid';
}

/** What each key of a governance says of a document, at a time. */
export function signersOf(document: Countersigned, governance: Governance, at: Date): Promise<Signer[]> {
  return Promise.all(
    governance.keys.map(async (entry) => ({
      node: entry.node,
      kid: entry.kid,
      verdict: isValidAt(entry, at) ? await verdictOf(document, entry) : ('not_valid' as const),
    })),
  );
}

/** The countries that have signed. Two keys of one country are one voice. */
export function voicesOf(signers: readonly Signer[]): string[] {
  return [...new Set(signers.filter(({ verdict }) => verdict === 'signed').map(({ node }) => node))];
}

async function verdictOf(document: Countersigned, { kid, jwk }: GovernanceKey): Promise<'signed' | 'missing' | 'bad'> {
  if (isCountersignedBy(document, await importVerificationKey(kid, jwk))) return 'signed';
  return document.signatures.some((signature) => signature.kid === kid) ? 'bad' : 'missing';
}
