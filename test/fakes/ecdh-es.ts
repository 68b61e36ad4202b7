import { createCipheriv, createHash, randomBytes, webcrypto, type CipherGCMTypes } from 'node:crypto';
import { encodeBase64url } from '../../libs/envelope';

const KEY_BITS: Readonly<Record<string, number>> = { A128GCM: 128, A192GCM: 192, A256GCM: 256 };

/**
 * ECDH-ES direct key agreement with AES-GCM by hand (RFC 7518 §4.6), under any protected header: libraries refuse to encrypt under the
 * headers that attackers write. Where the header names a cipher of the family, that one is used.
 * @param guessed the shared secret, where the attacker's point leaves no other
 */
export async function encryptEcdhEs(
  header: Readonly<Record<string, unknown>>,
  plaintext: Uint8Array,
  recipient: webcrypto.CryptoKey,
  guessed?: Buffer,
): Promise<string> {
  const { subtle } = webcrypto;
  const pair = (await subtle.generateKey(recipient.algorithm, true, ['deriveBits'])) as webcrypto.CryptoKeyPair;
  const { kty, crv, x, y } = await subtle.exportKey('jwk', pair.publicKey);
  const agreement = { name: recipient.algorithm.name, public: recipient };
  const secret = guessed ?? Buffer.from(await subtle.deriveBits(agreement, pair.privateKey, 256));

  const complete = { epk: { kty, crv, x, ...(y !== undefined && { y }) }, ...header };
  const enc = typeof header['enc'] === 'string' && header['enc'] in KEY_BITS ? header['enc'] : 'A256GCM';
  const key = concatKdf(secret, enc, header);
  const protectedHeader = encodeBase64url(Buffer.from(JSON.stringify(complete)));
  const iv = randomBytes(12);
  const cipher = createCipheriv(`aes-${KEY_BITS[enc]!}-gcm` as CipherGCMTypes, key, iv).setAAD(
    Buffer.from(protectedHeader),
  );
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return [protectedHeader, '', ...[iv, ciphertext, cipher.getAuthTag()].map(encodeBase64url)].join('.');
}

/** The Concat KDF of NIST SP 800-56A §5.8.1 as RFC 7518 §4.6.2 has it; one round is enough for 256 bits. */
function concatKdf(secret: Buffer, enc: string, { apu, apv }: Readonly<Record<string, unknown>>): Buffer {
  const bits = KEY_BITS[enc]!;
  const party = (value: unknown) => sized(Buffer.from(typeof value === 'string' ? value : '', 'base64url'));
  const input = [number(1), secret, sized(Buffer.from(enc)), party(apu), party(apv), number(bits)];
  return createHash('sha256')
    .update(Buffer.concat(input))
    .digest()
    .subarray(0, bits / 8);
}

const sized = (bytes: Buffer) => Buffer.concat([number(bytes.length), bytes]);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
