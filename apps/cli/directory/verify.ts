import { asTraoError, type Code, type Fault } from '../../../libs/errors';
import {
  examineDirectory,
  oldGovernance,
  readDirectory,
  type DirectoryCheck,
  type DirectoryDocument,
  type TrustAnchor,
} from '../../../libs/trust';
import { quorumsOf, type QuorumState } from './signature-state';

/** One check of a directory. */
export interface VerifyLine {
  readonly check: 'form' | DirectoryCheck;
  readonly says: string;
  readonly passed: boolean;
  readonly code?: Code;
  readonly detail?: string;
  readonly faults?: readonly Fault[];
}

export interface Verification {
  /** Every check passed: a node with this anchor and base would adopt it now. */
  readonly adoptable: boolean;
  readonly version: number | undefined;
  readonly checks: readonly VerifyLine[];
  readonly quorums: readonly QuorumState[];
}

const SAYS: Readonly<Record<VerifyLine['check'], string>> = {
  form: 'form, schema and soundness of the document',
  domain: 'trust domain of the anchor',
  version: 'newer than the base, or the same document',
  quorum: 'signatures of the governance in force',
  newQuorum: 'signatures of the new governance',
  continuity: 'no key id given to another key, no revoked key brought back',
  time: 'not expired',
};

/** Every check that adoption makes, each with its result. */
export async function verify(
  signed: Uint8Array,
  anchor: TrustAnchor,
  base: { readonly read: DirectoryDocument; readonly signed: Uint8Array } | undefined,
  now: Date,
): Promise<Verification> {
  const read = await readDirectory(signed).catch(asTraoError);
  if (read instanceof Error)
    return { adoptable: false, version: undefined, checks: [lineOf('form', read)], quorums: [] };
  const inForce = base && { directory: base.read.directory, signed: base.signed };
  const results = await examineDirectory(read, anchor, now, inForce);
  return {
    adoptable: results.every(({ failure }) => failure === undefined),
    version: read.directory.version,
    checks: [lineOf('form', undefined), ...results.map(({ check, failure }) => lineOf(check, failure))],
    quorums: await quorumsOf(read, oldGovernance(anchor, inForce), now),
  };
}

function lineOf(check: VerifyLine['check'], failure: ReturnType<typeof asTraoError> | undefined): VerifyLine {
  if (!failure) return { check, says: SAYS[check], passed: true };
  const { code, detail, faults } = failure;
  return { check, says: SAYS[check], passed: false, code, ...(detail !== undefined && { detail }), faults };
}

export function printVerification({ adoptable, checks }: Verification): void {
  for (const { passed, says, code, detail, faults = [] } of checks) {
    process.stdout.write(`${passed ? '✓' : '✗'} ${says}${code ? ` (${code})` : ''}${detail ? `: ${detail}` : ''}\n`);
    for (const { pointer, rule } of faults) process.stdout.write(`    ${pointer} ${rule}\n`);
  }
  process.stdout.write(adoptable ? '\nA node would adopt it.\n' : '\nNo node adopts it.\n');
}
