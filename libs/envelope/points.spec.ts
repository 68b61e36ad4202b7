import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { encodeBase64url } from './base64url';
import { contributes, isPointOn } from './points';
import type { Jwk } from './algorithms';

const jwkOf = (pair: { readonly publicKey: { export(form: { format: 'jwk' }): object } }) =>
  pair.publicKey.export({ format: 'jwk' }) as Required<Jwk>;
const p256 = () => jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const x25519 = () => jwkOf(generateKeyPairSync('x25519'));
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const textOf = (value: bigint, bytes = 32) =>
  encodeBase64url(Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex'));
const point = (x: bigint, y: bigint) => ({ kty: 'EC', crv: 'P-256', x: textOf(x), y: textOf(y) });

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let bit = 256n; bit >= 0n; bit -= 1n) {
    result = (result * result) % P;
    if ((exponent >> bit) & 1n) result = (result * base) % P;
  }
  return result;
}

/** The point of the smallest x: p ≡ 3 (mod 4), so a root of a square is its power (p + 1) / 4. */
function smallestPoint() {
  for (let x = 1n; ; x += 1n) {
    const square = (((x * x * x - 3n * x + B) % P) + P) % P;
    const y = power(square, (P + 1n) / 4n);
    if ((y * y) % P === square) return { x, y };
  }
}

/** Whether OpenSSL takes a point, or agrees on a secret with it. */
const openssl = (jwk: Jwk): boolean => {
  try {
    const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' });
    if (jwk.crv === 'X25519') diffieHellman({ privateKey: generateKeyPairSync('x25519').privateKey, publicKey });
    return true;
  } catch {
    return false;
  }
};

describe('a point on P-256', () => {
  it('is one where OpenSSL says so', () => {
    const { x, y } = smallestPoint();
    const good = [...Array.from({ length: 20 }, p256), point(x, y), point(x, P - y)];
    for (const jwk of good) expect([isPointOn('P-256', jwk), openssl(jwk)]).toEqual([true, true]);
    const one = p256();
    const bad = [
      { ...one, y: one.x },
      { ...one, x: one.y },
      point(0n, 0n),
      point(x, y + 1n),
      point(x + 1n, y),
      point(2n ** 256n - 1n, 2n ** 256n - 1n),
    ];
    for (const jwk of bad) expect([isPointOn('P-256', jwk), openssl(jwk)]).toEqual([false, false]);
  });

  it('has one spelling: coordinates below p, whole, in base64url', () => {
    const { x, y } = smallestPoint();
    expect(isPointOn('P-256', point(x + P, y))).toBe(false);
    const zero = { x: 0n, y: power((B + P) % P, (P + 1n) / 4n) };
    expect(isPointOn('P-256', point(zero.x, zero.y))).toBe(true);
    expect(isPointOn('P-256', point(zero.x + P, zero.y))).toBe(false);
    const one = p256();
    expect(isPointOn('P-256', { ...point(x, y), x: textOf(x, 2) })).toBe(false);
    expect(isPointOn('P-256', { ...point(x, y), x: textOf(x, 33) })).toBe(false);
    expect(isPointOn('P-256', { ...point(x, y), y: textOf(y, 33) })).toBe(false);
    expect(isPointOn('P-256', { ...one, x: `${one.x}=` })).toBe(false);
    expect(isPointOn('P-256', { kty: 'EC', crv: 'P-256', x: one.x })).toBe(false);
    expect(isPointOn('P-256', { kty: 'EC', crv: 'P-256', y: one.y })).toBe(false);
    expect(isPointOn('P-256', undefined)).toBe(false);
  });

  it('is none of another curve or type', () => {
    const one = p256();
    expect(isPointOn('P-256', { ...one, crv: 'P-384' })).toBe(false);
    expect(isPointOn('P-256', { ...one, kty: 'OKP' })).toBe(false);
    expect(isPointOn('X25519', one)).toBe(false);
    expect(isPointOn('P-256', x25519())).toBe(false);
  });

  it('may have y below and above the half of p, and y beyond p is none', () => {
    const { x, y } = smallestPoint();
    // A point whose y stays below 2^256 when p is added.
    const small = Array.from({ length: 40 }, (_, k) => BigInt(k)).find((each) => each + P < 2n ** 256n)!;
    expect(isPointOn('P-256', point(x, small + P))).toBe(false);
    expect([isPointOn('P-256', point(x, y)), isPointOn('P-256', point(x, P - y))]).toEqual([true, true]);
  });
});

describe('a coordinate of X25519', () => {
  /** The points of order 1, 2, 4 and 8 (RFC 7748 §6.1; Bernstein, “Curve25519”), also where they are p more, or 2 p. */
  const LOW = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ].map((hex) => Buffer.from(hex, 'hex'));
  const withHighBit = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 31), Buffer.of(bytes[31]! | 0x80)]);
  const jwk = (bytes: Uint8Array) => ({ kty: 'OKP', crv: 'X25519', x: encodeBase64url(bytes) });

  it('contributes where OpenSSL agrees on a secret', () => {
    for (const bytes of [...LOW, ...LOW.map(withHighBit)]) {
      expect([contributes(bytes), isPointOn('X25519', jwk(bytes)), openssl(jwk(bytes))]).toEqual([false, false, false]);
    }
    const good = [
      ...Array.from({ length: 20 }, () => Buffer.from(x25519().x, 'base64url')),
      Buffer.alloc(32, 9),
      Buffer.alloc(32, 0xff),
    ];
    for (const bytes of [...good, ...good.map(withHighBit)]) {
      expect([contributes(bytes), isPointOn('X25519', jwk(bytes)), openssl(jwk(bytes))]).toEqual([true, true, true]);
    }
  });

  it('has 32 bytes', () => {
    for (const length of [0, 1, 31, 33, 64]) expect(contributes(Buffer.alloc(length, 9))).toBe(false);
  });

  it('is one of its own type, and there', () => {
    expect(isPointOn('X25519', { ...x25519(), kty: 'EC' })).toBe(false);
    expect(isPointOn('X25519', { kty: 'OKP', crv: 'X25519' })).toBe(false);
    expect(isPointOn('X25519', { ...x25519(), crv: 'X448' })).toBe(false);
  });
});
