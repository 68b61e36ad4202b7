import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { encodeBase64url, importEncryptionKey } from '../../envelope';
import { hexOf, membersOf, textOf } from '../members';
import type { Members } from '../recognise';
import { admit, declining } from '../strict-jose';
import { passOver, sameResult, type Outcome } from '../verdict';

/** ECDH with keys in JSON: P-256 and X25519, the curves of the classic suite. */
export function jwkCase(_group: Members, test: Members): Promise<Outcome> {
  return agreed(membersOf(test, 'public'), membersOf(test, 'private'), hexOf(test, 'shared'));
}

/** ECDH with the point as bytes. */
export function pointCase(group: Members, test: Members): Promise<Outcome> | Outcome {
  if (group['curve'] !== 'secp256r1') return passOver('ECDH', group['curve']);
  const point = hexOf(test, 'public');
  // Compressed points have no form in JSON: what is made of one here is refused as a key.
  const publicJwk = point[0] === 4 ? pointJwk(point) : { kty: 'EC', crv: 'P-256' };
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(hexOf(test, 'private'));
  const privateJwk = { ...pointJwk(pair.getPublicKey()), d: encodeBase64url(pair.getPrivateKey()) };
  return agreed(publicJwk, privateJwk, hexOf(test, 'shared'));
}

export function x25519Case(group: Members, test: Members): Promise<Outcome> | Outcome {
  if (textOf(group, 'curve') !== 'curve25519') return passOver('XDH', group['curve']);
  const publicJwk = { kty: 'OKP', crv: 'X25519', x: encodeBase64url(hexOf(test, 'public')) };
  return agreed(publicJwk, x25519Private(hexOf(test, 'private')), hexOf(test, 'shared'));
}

/** The public key as a directory would have to admit it, both imported for the classic suite, then the step that jose does with them. */
function agreed(publicJwk: Members, privateJwk: Members, shared: Buffer): Promise<Outcome> {
  return declining(async () => {
    const publicKey = await importEncryptionKey('vector', admit(publicJwk, 'encryption'));
    const privateKey = await importEncryptionKey('vector', privateJwk as never);
    if (publicKey.suite !== 'classic' || privateKey.suite !== 'classic') return passOver('not of the classic suite');
    const { name } = publicKey.key.algorithm;
    const bits = await crypto.subtle.deriveBits({ name, public: publicKey.key }, privateKey.key, 256);
    return sameResult(new Uint8Array(bits), shared);
  });
}

const pointJwk = (point: Buffer) => ({
  kty: 'EC',
  crv: 'P-256',
  x: encodeBase64url(point.subarray(1, 33)),
  y: encodeBase64url(point.subarray(33)),
});

/** PKCS #8 of an X25519 key up to its 32 bytes (RFC 8410 §7). */
const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A private JWK names its public part too. */
function x25519Private(bytes: Buffer): Members {
  const key = createPrivateKey({ key: Buffer.concat([X25519_PKCS8, bytes]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'X25519', x, d: encodeBase64url(bytes) };
}
