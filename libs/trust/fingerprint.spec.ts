import { createHash } from 'node:crypto';
import { documentFingerprint, fingerprintOf, isFingerprint, keyFingerprint } from '.';
import { digestOf, generateKeyPair } from '../envelope';

describe('a fingerprint', () => {
  it('is the SHA-256 as one number, its last 32 digits in 8 groups of 4', () => {
    // Worked out apart from this code: echo -n abc | sha256sum, then bc: the number modulo 10^32.
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(createHash('sha256').update('abc').digest('hex')).toBe(sha256);
    expect(documentFingerprint(Buffer.from('abc'))).toBe('9501 6514 3774 6298 5829 7168 1708 9965');
  });

  it('keeps leading zeros, so that all have the same length', () => {
    const small = Buffer.alloc(32);
    small[31] = 7;
    expect(fingerprintOf(small.toString('base64url'))).toBe(`${'0000 '.repeat(7)}0007`);
    // 10^32 itself: nothing is left of it.
    const power = Buffer.from((10n ** 32n).toString(16).padStart(64, '0'), 'hex').toString('base64url');
    expect(fingerprintOf(power)).toBe(`${'0000 '.repeat(7)}0000`);
  });

  it('changes with every bit of the document', () => {
    const document = Buffer.from('{"version":7}');
    const seen = new Set([documentFingerprint(document)]);
    for (let bit = 0; bit < document.length * 8; bit += 1) {
      const other = Buffer.from(document);
      other[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(documentFingerprint(other));
    }
    expect(seen.size).toBe(document.length * 8 + 1);
  });

  it.each(['Ed25519', 'ES256', 'hybrid'] as const)('is the same for both halves of a %s key', async (kind) => {
    const { publicJwk, privateJwk } = await generateKeyPair(kind);
    const fingerprint = await keyFingerprint(publicJwk);
    expect(fingerprint).toMatch(/^(\d{4} ){7}\d{4}$/);
    expect(await keyFingerprint(privateJwk)).toBe(fingerprint);
    expect(await keyFingerprint({ ...publicJwk, kid: 'remark' } as never)).toBe(fingerprint);
  });

  it('is known again however it is typed, and in full only', () => {
    const fingerprint = fingerprintOf(digestOf('abc'));
    const digits = fingerprint.replaceAll(' ', '');
    for (const typed of [
      fingerprint,
      digits,
      fingerprint.replaceAll(' ', '-'),
      ` ${digits}\n`,
      digits.replace(/(.{4})/g, '$1, '),
    ]) {
      expect(isFingerprint(typed, fingerprint)).toBe(true);
    }
    for (const typed of ['', digits.slice(0, -1), `${digits}0`, digits.slice(1), `x${digits}`]) {
      expect(isFingerprint(typed, fingerprint)).toBe(false);
    }
  });
});
