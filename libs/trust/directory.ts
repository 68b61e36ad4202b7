import { asTraoError, TraoError } from '../errors';
import {
  countersign,
  importEncryptionKey,
  importVerificationKey,
  isCountersignedBy,
  keyThumbprint,
  readCountersigned,
  type Countersigned,
  type SigningKey,
} from '../envelope';
import {
  assertDirectory,
  parseStrictJson,
  type Directory,
  type DirectoryEncryptionKey,
  type DirectoryKey,
} from '../schema';
import { admitKey, pinOf, type KeyUse } from './key-admission';

const DIRECTORY_TYP = 'trao-directory+jws';
const MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

/** Who may sign the directory, and how many of them must. */
export type Governance = Directory['governance'];

/** The first governance that a node is set up with, read from a file that its administrators exchanged by hand. */
export interface TrustAnchor {
  readonly trustDomain: Directory['trustDomain'];
  readonly governance: Governance;
}

/** A directory that was adopted, with the bytes as signed. */
export interface InForce {
  readonly directory: Directory;
  readonly signed: Uint8Array;
}

/** Signs a directory document. Every signer runs this on the same bytes; the document is checked first. */
export async function signDirectory(directory: Directory, keys: readonly SigningKey[]): Promise<string> {
  assertDirectory(directory);
  await assertSound(directory);
  return countersign(Buffer.from(JSON.stringify(directory)), DIRECTORY_TYP, keys);
}

/**
 * Verifies a signed directory against the trust anchor and, where there is one, the directory in force (protocol §2).
 * @param now the time to judge by; `as issued` re-verifies a directory that was adopted before, which may have expired since
 * @returns the directory; when its version is the one in force, it is the same document
 * @throws TraoError `directory_*`: the caller keeps the one in force and raises an alarm
 */
export async function adoptDirectory(
  signed: Uint8Array,
  anchor: TrustAnchor,
  now: Date | 'as issued',
  inForce?: InForce,
): Promise<Directory> {
  const document = readCountersigned(signed, DIRECTORY_TYP, MAX_DIRECTORY_BYTES);
  const directory = await readPayload(document);
  if (directory.trustDomain !== anchor.trustDomain) throw new TraoError('wrong_domain');
  if (inForce) {
    const samePayload = sameBytes(
      document.payload,
      readCountersigned(inForce.signed, DIRECTORY_TYP, MAX_DIRECTORY_BYTES).payload,
    );
    if (directory.version < inForce.directory.version) throw new TraoError('directory_rollback');
    if (directory.version === inForce.directory.version && !samePayload) throw new TraoError('directory_fork');
  }
  const at = now === 'as issued' ? new Date(directory.issuedAt) : now;
  const old = inForce?.directory.governance ?? anchor.governance;
  await assertThreshold(document, old, at);
  // A changed governance needs the old quorum and the new one: nobody can be made a signer without signing.
  if (JSON.stringify(directory.governance) !== JSON.stringify(old))
    await assertThreshold(document, directory.governance, at);
  assertInTime(directory, at);
  return directory;
}

/** @throws TraoError `directory_expired` */
export function assertInTime(directory: Directory, now: Date): void {
  if (new Date(directory.expiresAt) <= now) throw new TraoError('directory_expired');
}

async function readPayload(document: Countersigned): Promise<Directory> {
  try {
    const directory: unknown = parseStrictJson(document.payload, { maxBytes: MAX_DIRECTORY_BYTES });
    assertDirectory(directory);
    await assertSound(directory);
    return directory;
  } catch (cause) {
    const { code, faults } = asTraoError(cause);
    if (code === 'directory_key_reused') throw cause;
    throw new TraoError('directory_malformed', { cause, faults });
  }
}

/** Counts partner countries, not keys: two keys of one country are one voice. */
async function assertThreshold(document: Countersigned, governance: Governance, now: Date): Promise<void> {
  const valid = governance.keys.filter((key) => isValidAt(key, now));
  const voices = new Set<string>();
  for (const entry of valid) {
    const key = await importVerificationKey(entry.kid, entry.jwk);
    if (isCountersignedBy(document, key)) voices.add(entry.node);
  }
  if (voices.size < governance.threshold) throw new TraoError('directory_below_threshold');
}

/** What a schema cannot say: every key admitted, no public key in two uses, no unit under a foreign node, no id twice. */
async function assertSound(directory: Directory): Promise<void> {
  const pins = directory.nodes.flatMap((node) => node.tls.spki);
  if (new Set(pins).size !== pins.length) throw new TraoError('directory_key_reused', { detail: 'TLS of two nodes' });
  const seenKeys = new Set<string>();
  const seenIds = new Set<string>();
  for (const { key, use, owner } of allKeys(directory)) {
    admitKey(key.kid, key.jwk, use);
    const thumbprint = await keyThumbprint(key.jwk);
    const name = `${owner} ${key.kid}`;
    const isTlsKey = pins.includes(pinOf(key.jwk) ?? '');
    if (isTlsKey || seenKeys.has(thumbprint)) throw new TraoError('directory_key_reused', { detail: name });
    if (seenIds.has(name)) throw new TraoError('directory_malformed', { detail: name });
    seenKeys.add(thumbprint);
    seenIds.add(name);
  }
  await assertSuites(directory.nodes.flatMap((node) => node.units.flatMap((unit) => unit.encryptionKeys)));
  assertIds(directory);
}

/** A key under the name of another suite would be sealed to with a suite that nobody chose. */
async function assertSuites(keys: readonly DirectoryEncryptionKey[]): Promise<void> {
  for (const { kid, jwk, suite } of keys) {
    const key = await importEncryptionKey(kid, jwk);
    if (key.suite !== suite) throw new TraoError('directory_malformed', { detail: `${kid} is no ${suite} key` });
  }
}

function assertIds({ nodes }: Directory): void {
  const units = nodes.flatMap((node) => node.units.map((unit) => ({ node: node.id, unit: unit.id })));
  const ids = [...nodes.map((node) => node.id), ...units.map(({ unit }) => unit)];
  if (new Set(ids).size !== ids.length) throw new TraoError('directory_malformed', { detail: 'an id stands twice' });
  const foreign = units.find(({ node, unit }) => !unit.startsWith(`${node}.`));
  if (foreign) {
    throw new TraoError('directory_malformed', { detail: `${foreign.unit} is not a unit of ${foreign.node}` });
  }
}

/** All keys, each under the name in which its id must be unique: an envelope names a node and a key, and no unit. */
function allKeys(directory: Directory): { key: DirectoryKey; use: KeyUse; owner: string }[] {
  const of = (keys: readonly DirectoryKey[], use: KeyUse, owner: string) => keys.map((key) => ({ key, use, owner }));
  return [
    ...of(directory.governance.keys, 'governance', 'governance'),
    ...directory.nodes.flatMap((node) => [
      ...of(node.receiptKeys, 'receipt', node.id),
      ...node.units.flatMap((unit) => [
        ...of(unit.signingKeys, 'signing', unit.id),
        ...of(unit.encryptionKeys, 'encryption', node.id),
      ]),
    ]),
  ];
}

/** True when a key may be used for something that happened at `at`. */
export function isValidAt(key: Pick<DirectoryKey, 'notBefore' | 'notAfter' | 'status'>, at: Date): boolean {
  return key.status !== 'revoked' && new Date(key.notBefore) <= at && at < new Date(key.notAfter);
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
