/** Divisors that are tried one by one end below this. */
const SMALL_FACTORS = 2 ** 12;
/** Steps of Fermat's method. Primes that were drawn independently are never found by it; close ones are found in the first steps. */
const FERMAT_STEPS = 64n;
/** What primes of the faulty library are powers of, modulo many small primes. */
const ROCA_GENERATOR = 65_537;
const ROCA_PRIMES_END = 168;

/**
 * Whether others can factor an RSA modulus, as far as the modulus itself tells: it has a small factor; its primes lie close together
 * (Fermat; CVE-2022-26320); or it has the structure of keys from a library that many hardware modules ran (ROCA, CVE-2017-15361; Nemec
 * et al., CCS 2017, §4.1: a sound modulus looks like this once in some 2^28).
 */
export function isFactorable(n: bigint): boolean {
  return hasSmallFactor(n) || hasCloseFactors(n) || hasRocaStructure(n);
}

/** The modulus of an RSA key from its JSON form. */
export const modulusOf = (n: string): bigint => BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`);

/** Whether two moduli share a prime: whoever has both keys has both private keys (Heninger et al., USENIX Security 2012). */
export function shareFactor(a: bigint, b: bigint): boolean {
  let [greater, less] = [a, b];
  while (less > 0n) [greater, less] = [less, greater % less];
  return greater > 1n;
}

function hasSmallFactor(n: bigint): boolean {
  for (let divisor = 2; divisor < SMALL_FACTORS; divisor += 1) if (n % BigInt(divisor) === 0n) return true;
  return false;
}

/** n = a² − b² has the factors a + b and a − b. Close factors have a small b, so a is hardly more than the root of n. */
function hasCloseFactors(n: bigint): boolean {
  const first = rootOf(n);
  for (let a = first; a < first + FERMAT_STEPS; a += 1n) {
    const square = a * a - n;
    if (square >= 0n && rootOf(square) ** 2n === square) return true;
  }
  return false;
}

function hasRocaStructure(n: bigint): boolean {
  const primes = Array.from({ length: ROCA_PRIMES_END }, (_, number) => number).filter(
    (number) => number > 2 && isPrime(number),
  );
  return primes.every((prime) => powersOf(ROCA_GENERATOR, prime).has(Number(n % BigInt(prime))));
}

/** All powers of `base` modulo a prime. */
function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
  return true;
}

/** The largest whole number whose square is not above `n` (Newton's method). */
function rootOf(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(2).length >> 1) + 1);
  for (let next = (root + n / root) >> 1n; next < root; next = (root + n / root) >> 1n) root = next;
  return root;
}
