import { createPublicKey, randomBytes, verify, type JsonWebKey } from 'node:crypto';
import { TraoError } from '../errors';
import {
  decryptCompact,
  digestOf,
  encryptCompact,
  importEncryptionKey,
  importSigningKey,
  keyThumbprint,
  SIGNATURE_ALGORITHMS,
  splitCompact,
  SUITES,
  type Jwk,
  type SigningKey,
  type Suite,
} from '../envelope';
import type { Directory } from '../schema';
import { admitKey, listedKeys } from '../trust';
import type { KeyRecord } from './key-record';

const MIN_RSA_BITS = 3072;

/** What the directory must say of a key so that it is admitted. */
export const exceptionOf = ({ use, kind }: Pick<KeyRecord, 'use' | 'kind'>) =>
  use === 'signing' && kind === 'PS256' ? 'national_hsm_rsa_only' : undefined;

/**
 * Whether a key may be kept for its use: the policy of the directory (libs/trust), so that nothing is made that partners refuse, and
 * the same public key in no other use, neither in this folder (where all stand in their one canonical form) nor in the directory.
 * @throws TraoError `bad_key`, `key_reused`
 */
export async function assertAdmitted(
  record: KeyRecord,
  others: readonly KeyRecord[],
  directory: Directory | undefined,
): Promise<void> {
  const { kid, use, public: publicJwk } = record;
  if (!publicJwk) {
    if (others.some((other) => other.public === undefined && other.use === use && other.unit === record.unit))
      throw new TraoError('key_exists', { detail: `A unit has one storage key, and ${record.unit} has it.` });
    return;
  }
  if (use === 'tls' || use === 'storage') assertTlsKey(publicJwk);
  else admitKey(kid, publicJwk, use, exceptionOf(record));
  const same = others.find((other) => other.public && JSON.stringify(other.public) === JSON.stringify(publicJwk));
  if (same) throw new TraoError('key_reused', { detail: `It is ${same.kid}, ${same.use}.` });
  if (directory) await assertFreeInDirectory(record, await keyThumbprint(publicJwk), directory);
}

/** A key may stand in the directory as itself, and as nothing else. */
async function assertFreeInDirectory(record: KeyRecord, thumbprint: string, directory: Directory): Promise<void> {
  for (const { key, use, holder, pointer } of listedKeys(directory)) {
    const itself = use === record.use && key.kid === record.kid && (record.unit ?? holder) === holder;
    if (!itself && (await keyThumbprint(key.jwk)) === thumbprint)
      throw new TraoError('key_reused', { detail: `It stands in the directory at ${pointer}.` });
  }
  const pin = record.use === 'tls' ? undefined : pinOf(record.public!);
  if (pin && directory.nodes.some(({ tls }) => tls.spki.includes(pin)))
    throw new TraoError('key_reused', { detail: 'It is a pinned TLS key in the directory.' });
}

function assertTlsKey(jwk: Jwk): void {
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') return;
  const { modulusLength = 0, publicExponent } = publicKey(jwk).asymmetricKeyDetails ?? {};
  if (jwk.kty === 'RSA' && modulusLength >= MIN_RSA_BITS && publicExponent === 65_537n) return;
  throw new TraoError('bad_key', { detail: `TLS takes EC P-256, or RSA with ${MIN_RSA_BITS} bits and more.` });
}

/**
 * Uses both halves of a key once. Halves that do not belong together would be noticed by the first message that is lost.
 * @throws TraoError `bad_key`
 */
export async function assertHalvesMatch({ kid, use, public: publicJwk }: KeyRecord, privateJwk: Jwk): Promise<void> {
  if (!publicJwk) return;
  const works =
    use === 'encryption' ? await opens(kid, publicJwk, privateJwk) : await signs(kid, publicJwk, privateJwk);
  if (!works) throw new TraoError('bad_key', { detail: `${kid}: the halves do not belong together.` });
}

/** Whether a key, wherever it is, signs what its public half verifies. */
export async function signsFor(publicJwk: Jwk, signer: SigningKey): Promise<boolean> {
  const { digest, parameters } = SIGNATURE_ALGORITHMS[signer.algorithm];
  const probe = randomBytes(32);
  return verify(digest, probe, { key: publicKey(publicJwk), ...parameters }, await signer.sign(probe));
}

async function signs(kid: string, publicJwk: Jwk, privateJwk: Jwk): Promise<boolean> {
  return signsFor(publicJwk, await importSigningKey(kid, privateJwk));
}

async function opens(kid: string, publicJwk: Jwk, privateJwk: Jwk): Promise<boolean> {
  const [toSeal, toOpen] = [await importEncryptionKey(kid, publicJwk), await importEncryptionKey(kid, privateJwk)];
  const probe = randomBytes(32);
  try {
    const token = await encryptCompact(headerOf(toSeal.suite), probe, toSeal);
    return probe.equals(await decryptCompact(splitCompact(token, 5, SUITES[toSeal.suite].empty), toOpen));
  } catch {
    return false;
  }
}

const headerOf = (suite: Suite) => ({ alg: SUITES[suite].alg });
const publicKey = (jwk: Jwk) => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
const pinOf = (jwk: Jwk) =>
  jwk.kty === 'AKP' ? undefined : digestOf(publicKey(jwk).export({ type: 'spki', format: 'der' }));
