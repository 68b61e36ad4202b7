import { compactDecrypt, type CryptoKey } from 'jose';
import { TraoError } from '../errors';
import type { Jwk } from './algorithms';
import { splitCompact, type Segment } from './compact';
import { encryptCompact } from './encrypt';
import { generateKeyPair } from './generate';
import { HYBRID, importEncryptionKey, type EncryptionKey } from './keys';
import { contributes, isPointOn } from './points';
import { SUITE_NAMES, SUITES, type Suite } from './suites';

/** The segments of a compact JWE. */
const HEADER = 0;
const ENCAPSULATED = 1;
const VECTOR = 2;
const CIPHERTEXT = 3;
const TAG = 4;

/** A ciphertext of ML-KEM-768, then an X25519 share. */
const ML_KEM_BYTES = 1088;
const VECTOR_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Decrypts a compact JWE whose header has been read and admitted before.
 * @throws TraoError `undecryptable` for every reason alike, after one whole decryption whatever the reason: how long a refusal takes
 *   must not tell why. What would fail early (a point off its curve, a tag of another length) is not tried: a decoy is decrypted instead
 */
export async function decryptCompact(segments: readonly Segment[], key: EncryptionKey): Promise<Uint8Array> {
  const decrypting = isPossible(segments, key) ? decrypt(segments, key) : decryptDecoy(segments, key.suite);
  return decrypting.catch((cause: unknown) => {
    throw new TraoError('undecryptable', { cause });
  });
}

/**
 * The work of a decryption that fails, for a message that names no key of ours: how long a refusal takes must not tell which keys
 * there are. It is the same work on the same bytes, with a key that nobody seals to.
 */
export async function decryptInVain(segments: readonly Segment[], suite: Suite): Promise<void> {
  const { key } = await decoys[suite]();
  await decryptCompact(segments, key).catch(() => undefined);
}

/** True when nothing can fail before the tag. */
function isPossible(segments: readonly Segment[], key: EncryptionKey): boolean {
  const sizeOf = (at: number) => segments[at]!.bytes.length;
  if (key.suite === 'hybrid') return contributes(segments[ENCAPSULATED]!.bytes.subarray(ML_KEM_BYTES));
  const lengths = sizeOf(VECTOR) === VECTOR_BYTES && sizeOf(TAG) === TAG_BYTES;
  return lengths && isPointOn(curveOf(key.key), pointIn(segments[HEADER]!));
}

const curveOf = ({ algorithm }: CryptoKey) => (algorithm as { namedCurve?: string }).namedCurve ?? algorithm.name;

/** The point in a header, where there is one. */
function pointIn({ bytes }: Segment): Jwk | undefined {
  try {
    const { epk } = JSON.parse(Buffer.from(bytes).toString()) as { epk?: Jwk };
    return epk;
  } catch {
    return undefined;
  }
}

async function decrypt(segments: readonly Segment[], key: EncryptionKey): Promise<Uint8Array> {
  if (key.suite === 'hybrid') {
    const aad = Buffer.from(segments[HEADER]!.text, 'ascii');
    return HYBRID.Open(key.key, segments[ENCAPSULATED]!.bytes, segments[CIPHERTEXT]!.bytes, { aad });
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

/** Tries something else of as many bytes in the place of what cannot be decrypted. Nobody has sealed it: it fails at the tag. */
async function decryptDecoy(segments: readonly Segment[], suite: Suite): Promise<never> {
  const { key, sealed } = await decoys[suite]();
  await Promise.allSettled([decrypt(sealed.with(CIPHERTEXT, segments[CIPHERTEXT]!), key)]);
  throw new TraoError('undecryptable');
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
