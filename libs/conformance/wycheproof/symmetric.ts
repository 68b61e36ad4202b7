import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { hexOf, numberOf } from '../members';
import type { Members } from '../recognise';
import { ACCEPT, claimedResult, passOver, refuse, sameResult, type Outcome } from '../verdict';

/** AES-256-GCM as Trao has it everywhere: key, IV and tag in bits. */
const OURS = { keySize: 256, ivSize: 96, tagSize: 128 } as const;

/** AES-GCM, twice: as jose and hpke have it (WebCrypto, messages) and as the cipher of stored cases has it (OpenSSL). */
export async function aesGcmCase(group: Members, test: Members): Promise<Outcome> {
  const sizes = (Object.keys(OURS) as (keyof typeof OURS)[]).filter((size) => numberOf(group, size) !== OURS[size]);
  if (sizes.length > 0) return passOver(`AES-GCM with another ${sizes.join(', ')}`);
  const [key, iv, aad, ct, tag] = ['key', 'iv', 'aad', 'ct', 'tag'].map((name) => hexOf(test, name)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const web = await attempt(async () => {
    const imported = await crypto.subtle.importKey('raw', copyOf(key), 'AES-GCM', false, ['decrypt']);
    const params = { name: 'AES-GCM', iv: copyOf(iv), additionalData: copyOf(aad), tagLength: OURS.tagSize };
    return Buffer.from(await crypto.subtle.decrypt(params, imported, copyOf(Buffer.concat([ct, tag]))));
  });
  const atRest = await attempt(() => {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: OURS.tagSize / 8 });
    decipher.setAAD(aad).setAuthTag(tag);
    return Buffer.concat([decipher.update(ct), decipher.final()]);
  });
  if ((web === undefined) !== (atRest === undefined)) return { did: 'differ', why: 'the two implementations disagree' };
  if (web === undefined || atRest === undefined) return refuse('undecryptable');
  const message = hexOf(test, 'msg');
  return sameResult(Buffer.concat([web, atRest]), Buffer.concat([message, message]));
}

async function attempt(decrypt: () => Buffer | Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await decrypt();
  } catch {
    return undefined;
  }
}

/** WebCrypto wants bytes of their own, not a piece of a shared buffer. */
const copyOf = (bytes: Buffer) => new Uint8Array(bytes);

/** HMAC-SHA-256, as the search tokens have it. */
export function hmacCase(group: Members, test: Members): Outcome {
  if (numberOf(group, 'tagSize') !== 256) return passOver('HMAC with a shortened tag');
  const tag = hexOf(test, 'tag');
  const made = createHmac('sha256', hexOf(test, 'key')).update(hexOf(test, 'msg')).digest();
  return made.length === tag.length && timingSafeEqual(made, tag) ? ACCEPT : refuse('bad_signature');
}

/** HKDF-SHA-256, as the key of the search tokens is derived. */
export function hkdfCase(_group: Members, test: Members): Outcome {
  const [ikm, salt, info] = [hexOf(test, 'ikm'), hexOf(test, 'salt'), hexOf(test, 'info')];
  const made = hkdfSync('sha256', ikm, salt, info, numberOf(test, 'size'));
  return claimedResult(new Uint8Array(made), hexOf(test, 'okm'));
}
