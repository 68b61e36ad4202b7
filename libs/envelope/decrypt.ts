import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { compactDecrypt, errors, type CryptoKey } from 'jose';
import { OpenError } from 'hpke';
import { TraoError } from '../errors';
import { parseHeader, splitCompact, type Segment } from './compact';
import { encryptCompact } from './encrypt';
import { generateKeyPair } from './generate';
import { HYBRID, importEncryptionKey, type EncryptionKey } from './keys';
import { SUITE_NAMES, SUITES, type Suite } from './suites';

/** Which segment of a compact JWE is the ciphertext. */
const CIPHERTEXT = 3;

/**
 * Decrypts a compact JWE whose header has been read and admitted before.
 * @throws TraoError `undecryptable` for every reason alike, after one whole decryption whatever the reason: a failure that comes
 *   early (a point off its curve, a key of another length) is followed by a decryption in vain
 */
export async function decryptCompact(segments: readonly Segment[], key: EncryptionKey): Promise<Uint8Array> {
  try {
    return await decrypt(segments, key);
  } catch (cause) {
    if (!isWhole(cause, segments, key)) await wasteDecryption(segments, key.suite);
    throw new TraoError('undecryptable', { cause });
  }
}

/**
 * The work of a decryption that fails, for a message that names no key of ours: how long a refusal takes must not tell which keys
 * there are. It is the same work on the same bytes, with a key that nobody seals to.
 */
export async function decryptInVain(segments: readonly Segment[], suite: Suite): Promise<void> {
  const { key } = await decoys[suite]();
  await decryptCompact(segments, key).catch(() => undefined);
}

/** One whole decryption of as many bytes, which fails at the tag. */
async function wasteDecryption(segments: readonly Segment[], suite: Suite): Promise<void> {
  const { key, sealed } = await decoys[suite]();
  const wasted = sealed.with(CIPHERTEXT, segments[CIPHERTEXT]!);
  // Looking where it failed is part of the work of every refusal.
  await decrypt(wasted, key).catch((cause: unknown) => isWhole(cause, wasted, key));
}

/** True when a decryption failed at the tag, after all that comes before it was done. */
function isWhole(cause: unknown, segments: readonly Segment[], key: EncryptionKey): boolean {
  if (key.suite === 'hybrid') return cause instanceof OpenError;
  // Where the point is no good, jose agrees on nothing, goes on with a key that it makes up, and fails at the tag all the same.
  return cause instanceof errors.JWEDecryptionFailed && isPointFor(key.key, segments[0]!);
}

function isPointFor({ algorithm }: CryptoKey, header: Segment): boolean {
  const { epk } = parseHeader(header.bytes) as { epk: JsonWebKey };
  try {
    createPublicKey({ key: epk, format: 'jwk' });
    return epk.crv === ((algorithm as { namedCurve?: string }).namedCurve ?? algorithm.name);
  } catch {
    return false;
  }
}

async function decrypt(segments: readonly Segment[], key: EncryptionKey): Promise<Uint8Array> {
  if (key.suite === 'hybrid') {
    const [header, encapsulated] = segments as [Segment, Segment];
    const aad = Buffer.from(header.text, 'ascii');
    return HYBRID.Open(key.key, encapsulated.bytes, segments[CIPHERTEXT]!.bytes, { aad });
  }
  const { plaintext } = await compactDecrypt(segments.map(({ text }) => text).join('.'), key.key, {
    keyManagementAlgorithms: [SUITES.classic.alg],
    contentEncryptionAlgorithms: [SUITES.classic.enc],
  });
  return plaintext;
}

interface Decoy {
  readonly key: EncryptionKey;
  readonly sealed: Segment[];
}

/** A key that nobody seals to and something sealed to it, per suite; made when first needed. */
const decoys = Object.fromEntries(SUITE_NAMES.map((suite) => [suite, once(() => makeDecoy(suite))])) as Readonly<
  Record<Suite, () => Promise<Decoy>>
>;

async function makeDecoy(suite: Suite): Promise<Decoy> {
  const { publicJwk, privateJwk } = await generateKeyPair(suite);
  const header = { alg: SUITES[suite].alg };
  const token = await encryptCompact(header, Buffer.alloc(1), await importEncryptionKey('decoy', publicJwk));
  const key = await importEncryptionKey('decoy', privateJwk);
  return { key, sealed: splitCompact(token, 5, SUITES[suite].empty) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
