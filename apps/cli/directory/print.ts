import { documentFingerprint, fingerprintOf, keyFingerprint, listedKeys } from '../../../libs/trust';
import type { DirectoryDocument, Finding } from '../../../libs/trust';
import { printTable } from '../output';
import type { ShownDirectory, ShownKey } from './describe';
import type { QuorumState } from './signature-state';
import { showsChange, wordsOf } from './words';

const MARK = { danger: '!! DANGER ', warning: ' ! ', note: ' - ' } as const;
const say = (line = '') => void process.stdout.write(`${line}\n`);

/** A finding as programs get it: with its words, and the fingerprint of the key that it is about. */
export async function shownFindings(findings: readonly Finding[], { directory }: DirectoryDocument) {
  const keys = listedKeys(directory);
  return Promise.all(
    findings.map(async (finding) => {
      const listed = keys.find(
        ({ key, use, holder }) => key.kid === finding.key?.kid && use === finding.key.use && holder === finding.place,
      );
      const fingerprint = listed && (await keyFingerprint(listed.key.jwk));
      return { ...spoken(finding), ...wordsOf(finding), ...(fingerprint !== undefined && { fingerprint }) };
    }),
  );
}

/** TLS keys and authorities are named by digests, which nobody can read aloud. */
function spoken(finding: Finding): Finding {
  if (!/^(authority|pin)_/.test(finding.code)) return finding;
  const { before, after } = finding;
  return {
    ...finding,
    ...(before !== undefined && { before: fingerprintOf(before) }),
    ...(after !== undefined && { after: fingerprintOf(after) }),
  };
}

/** What is to be known before signing: dangers first and loud. */
export function printFindings(findings: Awaited<ReturnType<typeof shownFindings>>): void {
  if (findings.length === 0) say('Nothing changes but version and dates.');
  for (const { weight, place, says, advice, before, after, fingerprint, code } of findings) {
    say(`${MARK[weight]}${place === '' ? '' : `${place}: `}${says}`);
    if (showsChange(code) && before !== undefined) say(`       before  ${before}`);
    if (showsChange(code) && after !== undefined) say(`       after   ${after}`);
    if (fingerprint !== undefined) say(`       key     ${fingerprint}`);
    if (advice !== undefined) say(`       ${advice}`);
  }
}

/** The fingerprint of the document, to be read aloud. */
export function printFingerprint({ document }: DirectoryDocument): void {
  const groups = documentFingerprint(document.payload).split(' ');
  say('\nFingerprint of the document. All who sign must have the same:\n');
  say(`    ${groups.slice(0, 4).join(' ')}`);
  say(`    ${groups.slice(4).join(' ')}`);
}

export function printQuorums(quorums: readonly QuorumState[]): void {
  for (const { quorum, threshold, signed, missing } of quorums) {
    const whose = quorums.length === 1 ? '' : ` of the ${quorum} governance`;
    const lacks = threshold - signed.length;
    const rest = lacks > 0 ? `; ${lacks} more of: ${missing.join(', ') || 'nobody'}` : '; enough';
    say(`Signatures${whose}: ${countries(threshold)} needed, signed: ${signed.join(', ') || 'none'}${rest}`);
  }
}

const countries = (number: number) => (number === 1 ? '1 country' : `${number} countries`);

/** A directory as a person reads it. */
export function printDirectory(shown: ShownDirectory): void {
  const { version, trustDomain, issuedAt, expiresAt, daysLeft, expired, governance, nodes } = shown;
  say(`Partner directory, version ${version}, trust domain ${trustDomain}`);
  say(`issued ${issuedAt}, valid until ${expiresAt} (${expired ? 'EXPIRED' : `${daysLeft} days left`})`);
  say(`\nGovernance: ${countries(governance.threshold)} must sign`);
  printKeys(governance.keys, ({ country }) => country);
  for (const node of nodes) {
    say(`\nNode ${node.id}  ${node.endpoint}  seals with ${node.suites.join(', then ')}`);
    for (const pin of node.pins) say(`  TLS key       ${pin}`);
    for (const authority of node.authorities) say(`  TLS authority ${authority}`);
    printKeys(node.receiptKeys, () => 'receipts');
    for (const unit of node.units) {
      say(`  Unit ${unit.id} (${unit.class}${unit.status === 'active' ? '' : `, ${unit.status}`})`);
      const keys: ShownKey[] = [...unit.signingKeys, ...unit.encryptionKeys];
      printKeys(keys, ({ suite }) => (suite === undefined ? 'signing' : `encryption, ${suite}`));
    }
  }
}

function printKeys<K extends ShownKey>(keys: readonly K[], use: (key: K) => string): void {
  if (keys.length === 0) return;
  printTable(
    ['   key', 'use', 'status', 'days left', 'fingerprint'],
    keys.map((key) => [`   ${key.kid}`, use(key), key.status, String(key.daysLeft), key.fingerprint]),
  );
}
