import { verify } from 'node:crypto';
import { importVerificationKey, encodeBase64url, SIGNATURE_ALGORITHMS } from '../../envelope';
import { hexOf, membersOf, numberOf, textOf } from '../members';
import type { Members } from '../recognise';
import { admit, declining } from '../strict-jose';
import { ACCEPT, passOver, refuse, type Outcome } from '../verdict';

/** ECDSA with r and s as they stand in a JWS: ES256 when curve and digest are those of the table. */
export function ecdsaCase(group: Members, test: Members): Promise<Outcome> | Outcome {
  const key = membersOf(group, 'publicKey');
  if (key['curve'] !== 'secp256r1' || group['sha'] !== 'SHA-256') return passOver('ECDSA', key['curve'], group['sha']);
  const point = hexOf(key, 'uncompressed');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33)),
  };
  return verified(jwk, test);
}

export function eddsaCase(group: Members, test: Members): Promise<Outcome> | Outcome {
  const key = membersOf(group, 'publicKey');
  if (key['curve'] !== 'edwards25519') return passOver(textOf(key, 'curve'));
  return verified({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(hexOf(key, 'pk')) }, test);
}

/** RSASSA-PSS: PS256 when digests and salt are those of the table; keys under 3072 bits are not admitted. */
export function pssCase(group: Members, test: Members): Promise<Outcome> | Outcome {
  const { sha, mgf, mgfSha } = group;
  const ours = sha === 'SHA-256' && mgf === 'MGF1' && mgfSha === 'SHA-256' && numberOf(group, 'sLen') === 32;
  if (!ours) return passOver('PSS', sha, mgf, mgfSha, 'salt', group['sLen']);
  const key = membersOf(group, 'publicKey');
  return verified({ kty: 'RSA', n: unsigned(hexOf(key, 'modulus')), e: unsigned(hexOf(key, 'publicExponent')) }, test);
}

/** Base64url of a number, without the zero byte that shows its sign (RFC 7518 §6.3.1). */
const unsigned = (bytes: Buffer) => encodeBase64url(bytes[0] === 0 ? bytes.subarray(1) : bytes);

/** Admitted, imported and used by its row of the table, as the signature of a message is. */
function verified(jwk: Members, test: Members): Promise<Outcome> {
  const message = hexOf(test, 'msg');
  const signature = hexOf(test, 'sig');
  return declining(async () => {
    const { key, algorithm } = await importVerificationKey('vector', admit(jwk, 'signing'));
    const { digest, parameters } = SIGNATURE_ALGORITHMS[algorithm];
    return verify(digest, message, { key, ...parameters }, signature) ? ACCEPT : refuse('bad_signature');
  });
}
