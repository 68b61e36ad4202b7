import { asTraoError, TraoError } from '../errors';
import type { Countersigned } from '../envelope';
import type { Directory, Governance } from '../schema';
import type { TrustAnchor } from './anchor';
import { assertContinues, rememberKeys, type KeyMemory } from './continuity';
import { readDirectory, samePayload, type DirectoryDocument } from './directory-document';
import { signersOf, voicesOf } from './signers';

export { isValidAt } from './validity';

/** A directory that was adopted, with the bytes as signed. */
export interface InForce {
  readonly directory: Directory;
  readonly signed: Uint8Array;
  /** What this version and all adopted before it said of keys; where it is absent, what this version alone says. */
  readonly memory?: KeyMemory;
}

/** The time to judge a candidate by. `as issued` re-verifies what was adopted before and may have expired since. */
export type JudgedAt = Date | 'as issued';

/** What a directory must pass, once it could be read. */
export type DirectoryCheck = 'domain' | 'version' | 'quorum' | 'newQuorum' | 'continuity' | 'time';

interface Candidate extends DirectoryDocument {
  readonly anchor: TrustAnchor;
  readonly now: JudgedAt;
  readonly inForce: InForce | undefined;
}

const CHECKS: Readonly<Record<DirectoryCheck, (candidate: Candidate) => void | Promise<void>>> = {
  domain: assertDomain,
  version: assertNewer,
  quorum: assertOldQuorum,
  newQuorum: assertNewQuorum,
  continuity: assertContinuity,
  time: assertNotExpired,
};

/**
 * Verifies a signed directory against the trust anchor and, where there is one, the directory in force (protocol §2).
 * @returns the directory; when its version is the one in force, it is the same document
 * @throws TraoError `directory_*`, `wrong_domain`: the caller keeps the one in force and raises an alarm
 */
export async function adoptDirectory(
  signed: Uint8Array,
  anchor: TrustAnchor,
  now: JudgedAt,
  inForce?: InForce,
): Promise<Directory> {
  const read = await readDirectory(signed);
  for (const check of Object.values(CHECKS)) await check({ ...read, anchor, now, inForce });
  return read.directory;
}

/** A directory could be adopted when every one of these passed. */
export interface CheckResult {
  readonly check: DirectoryCheck;
  /** Why it did not pass. */
  readonly failure: TraoError | undefined;
}

/** The same checks as `adoptDirectory`, each with its result, for people. */
export async function examineDirectory(
  read: DirectoryDocument,
  anchor: TrustAnchor,
  now: JudgedAt,
  inForce?: InForce,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    const failure = await Promise.resolve({ ...read, anchor, now, inForce })
      .then(check)
      .then(() => undefined, asTraoError);
    results.push({ check: name as DirectoryCheck, failure });
  }
  return results;
}

/** An adopted directory as the one in force, with what it adds to the memory of those before. */
export async function bringIntoForce(directory: Directory, signed: Uint8Array, before?: InForce): Promise<InForce> {
  return { directory, signed, memory: await rememberKeys(directory, before && (await memoryOf(before))) };
}

/** @throws TraoError `directory_expired` */
export function assertInTime(directory: Directory, now: Date): void {
  if (new Date(directory.expiresAt) <= now) throw new TraoError('directory_expired');
}

/** Two governances are one when nothing in them differs. */
export function sameGovernance(a: Governance, b: Governance): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function assertDomain({ directory, anchor }: Candidate): void {
  if (directory.trustDomain !== anchor.trustDomain) throw new TraoError('wrong_domain');
}

async function assertNewer({ directory, document, inForce }: Candidate): Promise<void> {
  if (!inForce) return;
  if (directory.version < inForce.directory.version) throw new TraoError('directory_rollback');
  if (directory.version > inForce.directory.version) return;
  const known = await readDirectory(inForce.signed);
  if (!samePayload(document, known.document)) throw new TraoError('directory_fork');
}

async function assertOldQuorum({ document, directory, anchor, now, inForce }: Candidate): Promise<void> {
  await assertQuorum(document, oldGovernance(anchor, inForce), directory, now);
}

/** A changed governance needs the old quorum and the new one: nobody can be made a signer without signing. */
async function assertNewQuorum({ document, directory, anchor, now, inForce }: Candidate): Promise<void> {
  if (sameGovernance(directory.governance, oldGovernance(anchor, inForce))) return;
  await assertQuorum(document, directory.governance, directory, now);
}

/** Whose signatures a new version needs first: the governance in force, and before there is one that of the anchor. */
export const oldGovernance = (anchor: TrustAnchor, inForce?: InForce): Governance =>
  inForce?.directory.governance ?? anchor.governance;

/**
 * The signers' keys must be valid now and on the day of issue: what could not be proven again after a restart would keep every
 * process of the node from starting.
 */
async function assertQuorum(
  document: Countersigned,
  governance: Governance,
  { issuedAt }: Directory,
  now: JudgedAt,
): Promise<void> {
  for (const at of now === 'as issued' ? [new Date(issuedAt)] : [now, new Date(issuedAt)]) {
    const voices = voicesOf(await signersOf(document, governance, at));
    if (voices.length < governance.threshold) {
      const signed = voices.length === 0 ? 'none' : voices.join(', ');
      throw new TraoError('directory_below_threshold', {
        detail: `Needed: ${governance.threshold}; valid: ${signed}.`,
      });
    }
  }
}

async function assertContinuity({ directory, inForce }: Candidate): Promise<void> {
  if (inForce) await assertContinues(directory, await memoryOf(inForce));
}

const memoryOf = async ({ memory, directory }: InForce): Promise<KeyMemory> => memory ?? rememberKeys(directory);

function assertNotExpired({ directory, now }: Candidate): void {
  assertInTime(directory, now === 'as issued' ? new Date(directory.issuedAt) : now);
}
