import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { encodeBase64url, importSigningKey, importVerificationKey, seal, type Jwk } from '../../libs/envelope';
import { admitKey, type KeyUse } from '../../libs/trust';
import { craft, type Craft } from '../fakes/craft';
import { endOf } from '../fakes/end-of';
import { signers } from './directories';
import { bothSuites, verdicts, type BothSuites } from './verdicts';

/** Signatures that no signer made, and RSA keys that somebody else can sign with too. */
let suites: BothSuites;
beforeAll(async () => {
  suites = await bothSuites();
});

const hexOf = (value: bigint, bytes: number) => Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');
/** The order of P-256 (SEC 2 §2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const rs = (r: bigint, s: bigint) => Buffer.concat([hexOf(r, 32), hexOf(s, 32)]);
const signedWith = (signature: Uint8Array): Craft => ({
  original: (jws) => jws.replace(/[^.]*$/, encodeBase64url(signature)),
});

describe('B-15 a signature that no key made', () => {
  it('B-15 r or s zero, the order, beyond it, or another length', async () => {
    const values = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n];
    const pairs = values.flatMap((r) => values.map((s) => rs(r, s)));
    const lengths = [1, 32, 63, 65, 96, 128, 2048].map((length) => Buffer.alloc(length, 1));
    const der = [Buffer.from('3006020101020101', 'hex'), Buffer.from('3006020100020100', 'hex')];
    expect(await verdicts(suites, [...pairs, ...lengths, ...der].map(signedWith))).toEqual(['bad_signature']);
  });

  it('B-15 of Ed25519: zeros, a point of low order, s beyond the order', async () => {
    const [, parties] = suites;
    const pair = generateKeyPairSync('ed25519');
    const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as unknown as Jwk;
    const signingKey = await importSigningKey('sig1', jwkOf(pair.privateKey));
    const verifying = await importVerificationKey('sig1', jwkOf(pair.publicKey));
    const context = { ...parties.context, verificationKey: () => Promise.resolve(verifying) };
    const input = { ...parties.input, signingKey };
    expect(await endOf(await craft({ input }), context)).toBe('opened');
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const little = (value: bigint) => hexOf(value, 32).reverse();
    const malleable = (jws: string) => {
      const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`);
      return jws.replace(/[^.]*$/, encodeBase64url(Buffer.concat([signature.subarray(0, 32), little(s + order)])));
    };
    const one = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
    const made = [Buffer.alloc(64), Buffer.concat([one, Buffer.alloc(32)]), Buffer.alloc(64, 0xff)].map(signedWith);
    for (const change of [...made, { original: malleable }]) {
      expect(await endOf(await craft({ input }, change), context)).toBe('bad_signature');
    }
  });

  it('B-15 the second signature (r, n − s) changes neither message nor id: it is the same message to a node', async () => {
    const [, parties] = suites;
    const mirrored = (jws: string) => {
      const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');
      const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
      return jws.replace(/[^.]*$/, encodeBase64url(Buffer.concat([signature.subarray(0, 32), hexOf(ORDER - s, 32)])));
    };
    // Only who may sign can have it accepted, by sealing it anew; the id then says that it is known (C-05, C-06).
    expect(await endOf(await craft(parties, { original: mirrored }), parties.context)).toBe('opened');
    const { original } = await seal(parties.input);
    expect(mirrored(original)).not.toBe(original);
    expect(mirrored(original).split('.').slice(0, 2)).toEqual(original.split('.').slice(0, 2));
  });
});

describe('B-14 an RSA key that is too weak to sign with', () => {
  const RSA_USES: readonly KeyUse[] = ['governance', 'receipt', 'signing', 'encryption'];
  const EXCEPTION = 'national_hsm_rsa_only';
  const jwkOf = (n: bigint, e = 'AQAB') => ({ kty: 'RSA', n: encodeBase64url(hexOf(n, 384)), e });
  const pair = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const good = pair.publicKey.export({ format: 'jwk' }) as unknown as Required<Jwk>;
  const privateJwk = pair.privateKey.export({ format: 'jwk' }) as { p: string };
  const valueOf = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  const admit = (jwk: Jwk) => () => admitKey('kid1', jwk, 'signing', EXCEPTION);
  const refused = expect.objectContaining({ code: 'bad_key' });

  it('B-14 without an attack a strong one is admitted, where the directory says why, and for signing only', () => {
    expect(admit(good)).not.toThrow();
    for (const use of RSA_USES) expect(() => admitKey('kid1', good, use)).toThrow(refused);
    for (const use of RSA_USES.filter((name) => name !== 'signing'))
      expect(() => admitKey('kid1', good, use, EXCEPTION)).toThrow(refused);
  });

  it.each([1024, 2048, 3071])('B-14 of %d bits', (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
    expect(admit(publicKey.export({ format: 'jwk' }) as unknown as Jwk)).toThrow(refused);
  });

  it.each(['AQ', 'Aw', 'EQ', 'AQAA', 'AAEAAQ', 'AQAD', '', 'AQABAA'])('B-14 with the exponent %j', (e) => {
    expect(admit({ ...good, e })).toThrow(refused);
  });

  it('B-14 with a modulus that is even or has a small factor', () => {
    const n = valueOf(good.n);
    const near = (divisor: bigint) => n - (n % divisor);
    for (const divisor of [2n, 3n, 5n, 251n, 4093n]) expect(admit(jwkOf(near(divisor)))).toThrow(refused);
    expect(admit(jwkOf(2n ** 3071n))).toThrow(refused);
  });

  it('B-14 with two primes close to each other (Fermat, CVE-2022-26320)', () => {
    const p = valueOf(privateJwk.p);
    // Not prime, and that makes it no harder to find: what counts is how near the factors are.
    for (const distance of [0n, 2n, 2n ** 64n]) expect(admit(jwkOf(odd(p) * (odd(p) + distance)))).toThrow(refused);
  });

  it('B-14 with the structure of ROCA (CVE-2017-15361)', () => {
    for (let turn = 0; turn < 4; turn += 1) expect(admit(jwkOf(rocaModulus()))).toThrow(refused);
  });

  it('B-14 with a prime in common with another key of the directory', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'jwk' }) as {
      q: string;
    };
    const common = jwkOf(valueOf(privateJwk.p) * valueOf(other.q));
    expect(admit(common)).not.toThrow();
    const { edited, signAny, adopt } = await signers();
    const listing = (...jwks: readonly object[]) =>
      edited((_, __, units) => {
        for (const [at, jwk] of jwks.entries())
          Object.assign(units[at]!.signingKeys[0]!, { jwk, exception: EXCEPTION });
      });
    for (const jwk of [good, common]) expect(await adopt(await signAny(listing(jwk)))).toBe(7);
    expect(await adopt(await signAny(listing(good, common)))).toBe('directory_malformed');
  });

  const odd = (value: bigint) => value | 1n;
});

/** A modulus of factors k·M + (65537^a mod M), as the faulty library made its primes (Nemec et al., CCS 2017, §2.1). */
function rocaModulus(): bigint {
  const primes = Array.from({ length: 1000 }, (_, n) => n + 2).filter(
    (n) => !Array.from({ length: n - 2 }, (_, d) => d + 2).some((d) => n % d === 0),
  );
  // 126 primes for keys of 1984 to 3968 bits.
  const M = primes.slice(0, 126).reduce((product, prime) => product * BigInt(prime), 1n);
  const random = (bits: number) => BigInt(`0x${randomBytes(bits / 8).toString('hex')}`);
  const factor = () => {
    let residue = 1n;
    for (let at = random(64), base = 65_537n; at > 0n; at >>= 1n, base = (base * base) % M) {
      if (at & 1n) residue = (residue * base) % M;
    }
    const top = (2n ** 1535n + 2n ** 1534n) / M;
    return (top + (random(512) % (2n ** 1533n / M))) * M + residue;
  };
  return factor() * factor();
}
