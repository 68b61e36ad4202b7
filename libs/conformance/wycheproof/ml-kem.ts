import { generateKeyPairSync } from 'node:crypto';
import { decodeBase64url, encodeBase64url, encryptCompact, importEncryptionKey, SUITES } from '../../envelope';
import { hexOf } from '../members';
import type { Members } from '../recognise';
import { admit, declining } from '../strict-jose';
import { ACCEPT, claimedResult, passOver, refuse, type Outcome } from '../verdict';

/** The parameter set of the hybrid suite, by the name that hpke asks WebCrypto for. */
const OURS = 'ML-KEM-768';

/** WebCrypto with the calls for key encapsulation that hpke makes; the types of Node do not have them yet. */
interface Encapsulating {
  importKey(
    format: 'raw-seed',
    bytes: Uint8Array,
    algorithm: string,
    extractable: boolean,
    usages: string[],
  ): Promise<object>;
  getPublicKey(key: object, usages: string[]): Promise<object>;
  exportKey(format: 'raw-public', key: object): Promise<ArrayBuffer>;
  decapsulateBits(algorithm: string, key: object, ciphertext: Uint8Array): Promise<ArrayBuffer>;
}
const subtle = crypto.subtle as unknown as Encapsulating;

const privateKey = (seed: Buffer) =>
  subtle.importKey('raw-seed', new Uint8Array(seed), OURS, false, ['decapsulateBits']);

async function publicBytes(key: object): Promise<Uint8Array> {
  const publicKey = await subtle.getPublicKey(key, ['encapsulateBits']);
  return new Uint8Array(await subtle.exportKey('raw-public', publicKey));
}

/** Decapsulation, and the public key that the seed makes. */
export async function decapsulationCase(group: Members, test: Members): Promise<Outcome> {
  if (group['parameterSet'] !== OURS) return passOver(group['parameterSet']);
  const [seed, ciphertext] = [hexOf(test, 'seed'), hexOf(test, 'c')];
  const key = await privateKey(seed);
  if ('ek' in test && claimedResult(await publicBytes(key), hexOf(test, 'ek')).did !== 'accept')
    return refuse('another public key');
  const shared = new Uint8Array(await subtle.decapsulateBits(OURS, key, new Uint8Array(ciphertext)));
  return 'K' in test ? claimedResult(shared, hexOf(test, 'K')) : ACCEPT;
}

export async function keyGenerationCase(group: Members, test: Members): Promise<Outcome> {
  if (group['parameterSet'] !== OURS) return passOver(group['parameterSet']);
  return claimedResult(await publicBytes(await privateKey(hexOf(test, 'seed'))), hexOf(test, 'ek'));
}

/**
 * Encapsulation: whether a public key can be sealed to at all. Half of a key of the hybrid suite, with a sound X25519 half, goes
 * the way of a unit's key: admission, import, sealing. What comes out is random, so it is not compared.
 */
export function encapsulationCase(group: Members, test: Members): Promise<Outcome> | Outcome {
  if (group['parameterSet'] !== OURS) return passOver(group['parameterSet']);
  const classic = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  const pub = encodeBase64url(Buffer.concat([hexOf(test, 'ek'), decodeBase64url(classic.x ?? '')]));
  return declining(async () => {
    const jwk = admit({ kty: 'AKP', alg: SUITES.hybrid.alg, pub }, 'encryption');
    await encryptCompact({ alg: SUITES.hybrid.alg }, Buffer.alloc(1), await importEncryptionKey('vector', jwk));
    return ACCEPT;
  });
}
