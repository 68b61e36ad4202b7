import { createHmac, hash, pbkdf2Sync } from 'node:crypto';

/** Object identifiers of PKCS#12 files (RFC 7292) and of the schemes that protect them (RFC 8018). */
export const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  aes256cbc: '2.16.840.1.101.3.4.1.42',
  /** Triple DES: read, because many programs still write it; never written. */
  tripleDes: '1.2.840.113549.1.12.1.3',
  hmacSha256: '1.2.840.113549.2.9',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

/** Digests of the integrity check, by object identifier. */
export const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Pseudo-random functions of PBKDF2, by object identifier. */
export const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Ciphers of PBES2 in CBC mode, by object identifier: their name in OpenSSL and the bytes of their key. */
export const CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
};

const BLOCK_BYTES: Readonly<Record<string, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 };

/** What a derived key is for (RFC 7292 appendix B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** The key derivation of PKCS#12 itself (RFC 7292 appendix B.2). Files are bound to it for their integrity check. */
export function pkcs12Key(
  digest: string,
  passphrase: string,
  salt: Uint8Array,
  iterations: number,
  purpose: (typeof PURPOSE)[keyof typeof PURPOSE],
  length: number,
): Buffer {
  const block = BLOCK_BYTES[digest]!;
  const words = Buffer.concat([Buffer.from(passphrase, 'utf16le').swap16(), Buffer.alloc(2)]);
  const mixed = Buffer.concat([filled(salt, block), filled(words, block)]);
  const derived: Buffer[] = [];
  for (let made = 0; made < length;) {
    let digested = Buffer.concat([Buffer.alloc(block, purpose), mixed]);
    for (let round = 0; round < iterations; round += 1) digested = hash(digest, digested, 'buffer');
    derived.push(digested);
    made += digested.length;
    addToBlocks(mixed, filled(digested, block), block);
  }
  return Buffer.concat(derived).subarray(0, length);
}

export const macOf = (digest: string, key: Uint8Array, bytes: Uint8Array) =>
  createHmac(digest, key).update(bytes).digest();

export const pbkdf2 = (passphrase: string, salt: Uint8Array, iterations: number, length: number, prf: string) =>
  pbkdf2Sync(Buffer.from(passphrase, 'utf8'), salt, iterations, length, prf);

/** `bytes` repeated until they fill whole blocks; none stay none. */
function filled(bytes: Uint8Array, block: number): Buffer {
  const length = block * Math.ceil(bytes.length / block);
  return Buffer.from(Array.from({ length }, (_, at) => bytes[at % bytes.length]!));
}

/** Adds `addend` + 1 to each block, as big-endian numbers that overflow. */
function addToBlocks(blocks: Buffer, addend: Uint8Array, block: number): void {
  for (let start = 0; start < blocks.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      carry += blocks[start + at]! + addend[at]!;
      blocks[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
