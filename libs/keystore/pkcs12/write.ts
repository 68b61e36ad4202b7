import { createCipheriv, createHash, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { TraoError } from '../../errors';
import { bmp, integer, nothing, octets, oid, sequence, set, tagged } from '../der';
import { macOf, OID, pbkdf2, pkcs12Key, PURPOSE } from './schemes';

/** What goes into a PKCS#12 file. */
export interface PfxContent {
  readonly privateKey: KeyObject;
  /** PEM; the key's own first, then its issuers. May be empty. */
  readonly certificates: readonly string[];
  /** Shown by programs that list the file. */
  readonly name: string;
}

/**
 * Both for the encryption and for the check: the weaker of the two would be the one that guessing attacks.
 * OWASP's figure for PBKDF2 with HMAC-SHA-256.
 */
const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const MIN_PASSPHRASE = 12;

/**
 * A PKCS#12 file (RFC 7292) with a key, encrypted with AES-256 under PBES2, and its certificates; checked with HMAC-SHA-256. Neither RC2
 * nor triple DES, which other programs still write.
 * @throws TraoError `key_locked` for a passphrase that is too short or not ASCII: programs disagree about the bytes of others
 */
export function writePfx(
  { privateKey, certificates, name }: PfxContent,
  passphrase: string,
  iterations = ITERATIONS,
): Buffer {
  if (passphrase.length < MIN_PASSPHRASE || !/^[\x20-\x7e]+$/.test(passphrase)) {
    const detail = `The passphrase of a PKCS#12 file has at least ${MIN_PASSPHRASE} characters, all of them ASCII.`;
    throw new TraoError('key_locked', { detail });
  }
  const keyBag = sequence(
    oid(OID.shroudedKeyBag),
    tagged(0, shrouded(privateKey, passphrase, iterations)),
    attributes(name),
  );
  const certBags = certificates.map((pem, at) => {
    const value = sequence(oid(OID.x509Certificate), tagged(0, octets(new X509Certificate(pem).raw)));
    return sequence(oid(OID.certBag), tagged(0, value), ...(at === 0 ? [attributes(name)] : []));
  });
  const safes = sequence(
    ...[[keyBag], certBags].filter((bags) => bags.length > 0).map((bags) => data(sequence(...bags))),
  );
  const salt = randomBytes(SALT_BYTES);
  const macKey = pkcs12Key('sha256', passphrase, salt, iterations, PURPOSE.mac, 32);
  const digest = sequence(sequence(oid(OID.sha256), nothing()), octets(macOf('sha256', macKey, safes)));
  return sequence(integer(3), data(safes), sequence(digest, octets(salt), integer(iterations)));
}

const data = (content: Uint8Array) => sequence(oid(OID.data), tagged(0, octets(content)));

/** EncryptedPrivateKeyInfo (RFC 5958 §3) under PBES2 (RFC 8018 §6.2). */
function shrouded(privateKey: KeyObject, passphrase: string, iterations: number): Buffer {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(16)];
  const key = pbkdf2(passphrase, salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = Buffer.concat([cipher.update(privateKey.export({ type: 'pkcs8', format: 'der' })), cipher.final()]);
  const derivation = sequence(octets(salt), integer(iterations), sequence(oid(OID.hmacSha256), nothing()));
  const scheme = sequence(sequence(oid(OID.pbkdf2), derivation), sequence(oid(OID.aes256cbc), octets(iv)));
  return sequence(sequence(oid(OID.pbes2), scheme), octets(encrypted));
}

/** The name, and an id that ties a key to its certificate. */
function attributes(name: string): Buffer {
  const id = createHash('sha256').update(name).digest().subarray(0, 20);
  return set(sequence(oid(OID.friendlyName), set(bmp(name))), sequence(oid(OID.localKeyId), set(octets(id))));
}
