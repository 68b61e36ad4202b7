import { keyThumbprint } from '../envelope';
import type { Directory, DirectoryKey } from '../schema';
import { finding, type Finding, type FindingCode } from './findings';
import { listedKeys, nameOf, type ListedKey } from './listed-keys';

/** For so long after its end a key still opens what was on its way; then it is destroyed, and what comes is sealed anew anyway. */
const GRACE_MS = 14 * 86_400_000;

/** What becomes of each key from one directory to the next. Keys of nodes and units that go are not listed one by one. */
export async function diffKeys(before: Directory, after: Directory): Promise<Finding[]> {
  const [old, next] = [byName(before), byName(after)];
  const holders = new Set(after.nodes.flatMap(({ id, units }) => [id, ...units.map((unit) => unit.id)]));
  const findings: Finding[] = [];
  for (const [name, listed] of next) {
    const known = old.get(name);
    if (known) findings.push(...(await diffKey(known, listed)));
    else findings.push(about(listed, listed.use === 'governance' ? 'voice_added' : 'key_added'));
  }
  for (const [name, listed] of old) {
    const stays = listed.use === 'governance' || holders.has(listed.holder);
    if (stays && !next.has(name)) findings.push(about(listed, removalOf(listed, new Date(after.issuedAt))));
  }
  return findings;
}

const byName = (directory: Directory) => new Map(listedKeys(directory).map((listed) => [nameOf(listed), listed]));

const about = ({ key, use, holder }: ListedKey, code: FindingCode, change: { before?: string; after?: string } = {}) =>
  finding(code, holder, { key: { kid: key.kid, use }, ...change });

async function diffKey(old: ListedKey, next: ListedKey): Promise<Finding[]> {
  const codes: Finding[] = [];
  if ((await keyThumbprint(old.key.jwk)) !== (await keyThumbprint(next.key.jwk)))
    codes.push(about(next, 'key_replaced'));
  if (old.holder !== next.holder) codes.push(about(next, 'key_moved', { before: old.holder, after: next.holder }));
  const status = statusChange(old.key.status, next.key.status);
  if (status) codes.push(about(next, status, { before: old.key.status, after: next.key.status }));
  const time = timeChange(old.key, next.key);
  if (time) codes.push(about(next, time, { before: span(old.key), after: span(next.key) }));
  const [said, says] = [remarksOf(old.key), remarksOf(next.key)];
  if (said !== says) codes.push(about(next, 'key_remark_changed', { before: said, after: says }));
  return codes;
}

function statusChange(old: DirectoryKey['status'], next: DirectoryKey['status']): FindingCode | undefined {
  if (old === next) return undefined;
  if (old === 'revoked') return 'key_unrevoked';
  if (next === 'revoked') return 'key_revoked';
  return next === 'retired' ? 'key_retired' : 'key_reactivated';
}

function timeChange(old: DirectoryKey, next: DirectoryKey): FindingCode | undefined {
  const from = Date.parse(next.notBefore) - Date.parse(old.notBefore);
  const until = Date.parse(next.notAfter) - Date.parse(old.notAfter);
  if (from > 0 || until < 0) return 'key_time_shortened';
  return from < 0 || until > 0 ? 'key_time_extended' : undefined;
}

const span = ({ notBefore, notAfter }: DirectoryKey) => `${notBefore} to ${notAfter}`;

/** What a key or its entry says beside being a key: suite, exception, `alg`, `use`. The country of a key is its holder. */
function remarksOf({
  jwk,
  kid: _kid,
  notBefore: _from,
  notAfter: _to,
  status: _status,
  ...rest
}: DirectoryKey): string {
  const { alg = '', use = '', kid = '' } = jwk;
  return JSON.stringify({ ...rest, node: undefined, alg, use, kid });
}

function removalOf({ key, use }: ListedKey, at: Date): FindingCode {
  if (use === 'governance') return 'voice_removed';
  if (use !== 'encryption') return key.status === 'revoked' ? 'spent_key_removed' : 'evidence_key_removed';
  const underWay = Date.parse(key.notAfter) + GRACE_MS > at.getTime();
  return underWay && key.status !== 'revoked' ? 'open_key_removed' : 'spent_key_removed';
}
