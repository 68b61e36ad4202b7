import { generateKeyPairSync } from 'node:crypto';
import { isFactorable, shareFactor } from './weak-rsa';

/** Sound keys and their primes, made once: 1024 bits are enough for what the modulus tells. */
const keys = Array.from({ length: 8 }, () => {
  const { n, p, q } = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
  const [modulus, one, two] = [n!, p!, q!].map((text) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`));
  return { n: modulus!, p: one!, q: two! };
});
const { p, q } = keys[0]!;
const power = (base: bigint, exponent: number, modulus: bigint) => {
  let result = 1n;
  for (let step = 0; step < exponent; step += 1) result = (result * base) % modulus;
  return result;
};
/** 3 · 5 · 7 … 167: what the primes of the faulty library are built on, for keys up to 960 bits. */
const PRIMORIAL = Array.from({ length: 168 }, (_, n) => n)
  .filter((n) => n > 2 && Array.from({ length: n }, (_none, d) => d).every((d) => d < 2 || n % d !== 0))
  .reduce((product, prime) => product * BigInt(prime), 1n);

describe('an RSA modulus', () => {
  it('of two independent primes is not factored by looking at it', () => {
    expect(keys.map(({ n }) => isFactorable(n))).toEqual(keys.map(() => false));
  });

  it.each([2n, 3n, 5n, 4079n, 4093n])('with the factor %d is', (factor) => {
    expect(isFactorable(p * q * factor)).toBe(true);
  });

  it('with a smallest factor beyond those that are tried is not', () => {
    expect(isFactorable(p * 4099n)).toBe(false);
  });

  it('of two primes that lie close together is', () => {
    // Any odd factors will do: how near they are decides.
    expect([0n, 2n, 4096n, 2n ** 128n].map((distance) => isFactorable(p * (p + distance)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it.each([
    [62.5, true],
    [64.5, false],
  ])('that Fermat’s method factors after %d steps: %p', (steps, found) => {
    // (a − b)(a + b), where a lies about b² / 2a above the root of the product.
    const a = 2n ** 257n;
    let b = (BigInt(Math.floor(Math.sqrt(steps) * 2 ** 40)) << 89n) + 1n;
    const hasSmallFactor = () =>
      Array.from({ length: 4096 }, (_, n) => n).some((n) => n > 1 && (a * a - b * b) % BigInt(n) === 0n);
    while (hasSmallFactor()) b += 2n;
    expect(isFactorable(a * a - b * b)).toBe(found);
  });

  it('with the structure of ROCA is', () => {
    for (const [one, two] of [
      [3, 5],
      [77, 1234],
      [4000, 17],
    ] as const) {
      const factor = (exponent: number, above: bigint) => above * PRIMORIAL + power(65_537n, exponent, PRIMORIAL);
      expect(isFactorable(factor(one, 2n ** 300n + 1n) * factor(two, 2n ** 290n + 7n))).toBe(true);
    }
  });

  it('that has this structure modulo all but one prime has it not', () => {
    // 2 is no power of 65537 modulo 11: only 1 and 10 are.
    const allButEleven = PRIMORIAL / 11n;
    const n = power(65_537n, 9, allButEleven) + allButEleven * 2n ** 300n;
    const wrong = Array.from({ length: 11 }, (_, k) => n + allButEleven * BigInt(k)).find((each) => each % 11n === 2n)!;
    const right = Array.from({ length: 11 }, (_, k) => n + allButEleven * BigInt(k)).find(
      (each) => each % 11n === 10n,
    )!;
    const sound = (value: bigint) => (value % 2n === 1n ? value : value + 11n * allButEleven);
    expect([isFactorable(sound(wrong)), isFactorable(sound(right))]).toEqual([false, true]);
  });
});

describe('two RSA moduli', () => {
  it('share a factor or not', () => {
    const one = keys[0]!;
    const two = keys[1]!;
    expect(shareFactor(one.n, two.n)).toBe(false);
    expect(shareFactor(one.n, one.p * two.q)).toBe(true);
    expect(shareFactor(one.p * two.q, one.n)).toBe(true);
    expect(shareFactor(one.n, one.n)).toBe(true);
  });
});
