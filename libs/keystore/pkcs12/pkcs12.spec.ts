import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { hasOpenssl, Openssl } from '../fixtures/openssl';
import { pkcs12Key, PURPOSE } from './schemes';
import { readPfx } from './read';
import { writePfx, type PfxContent } from './write';

const PASSPHRASE = 'correct horse battery';
const KINDS = [
  ['EC', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ['RSA', ['rsa:3072']],
  ['Ed25519', ['ed25519']],
] as const;
/** With few iterations, so that tests do not wait. */
const quick = (content: PfxContent) => writePfx(content, PASSPHRASE, 1_000);
const withOpenssl = hasOpenssl() ? describe : describe.skip;

describe('the key derivation of PKCS#12', () => {
  // Vectors of Bouncy Castle's PKCS12Test, which other programs share (RFC 7292 has none).
  it.each([
    ['smeg', '0a58cf64530d823f', 1, 1, 24, '8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3'],
    ['smeg', '0a58cf64530d823f', 1, 2, 8, '79993dfe048d3b76'],
    ['smeg', '642b99ab44fb4b1f', 1, 1, 24, 'f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966'],
    ['smeg', '642b99ab44fb4b1f', 1, 2, 8, 'c0a38d64a79bea1d'],
    ['smeg', '3d83c0e4546ac140', 1, 3, 20, '8d967d88f6caa9d714800ab3d48051d63f73a312'],
    ['queeg', '05dec959acff72f7', 1000, 1, 24, 'ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4'],
    ['queeg', '05dec959acff72f7', 1000, 2, 8, '11dedad7758d4860'],
    ['queeg', '1682c0fc5b3f7ec5', 1000, 1, 24, '483dd6e919d7de2e8e648ba8f862f3fbfbdc2bcb2c02957f'],
    ['queeg', '1682c0fc5b3f7ec5', 1000, 2, 8, '9d461d1b00355c50'],
    ['queeg', '263216fcc2fab31c', 1000, 3, 20, '5ec4c7a80df652294c3925b6489a7ab857c83476'],
  ] as const)('of %s, salt %s, %i times, purpose %i', (passphrase, salt, iterations, purpose, length, expected) => {
    const key = pkcs12Key('sha1', passphrase, Buffer.from(salt, 'hex'), iterations, purpose, length);
    expect(key.toString('hex')).toBe(expected);
  });

  it('is bound to what the key is for', () => {
    const derive = (purpose: 1 | 2 | 3) =>
      pkcs12Key('sha256', 'p', Buffer.alloc(8, 1), 10, purpose, 32).toString('hex');
    expect(new Set(Object.values(PURPOSE).map(derive)).size).toBe(3);
  });
});

withOpenssl('PKCS#12 files', () => {
  const openssl = new Openssl();
  afterAll(() => openssl.remove());
  beforeAll(() => {
    for (const [name, algorithm] of KINDS) openssl.selfSigned(name, ...algorithm);
    openssl.write('pass', PASSPHRASE);
  });

  const identity = (name: string) => ({
    privateKey: createPrivateKey(openssl.read(`${name}.key`)),
    certificates: [openssl.read(`${name}.crt`).toString()],
    name,
  });

  describe.each(KINDS.map(([name]) => name))('with a key of kind %s', (name) => {
    it('are read by openssl, and hold nothing weak', () => {
      openssl.write('ours.p12', writePfx(identity(name), PASSPHRASE));
      const info = openssl.run('pkcs12', '-info', '-noout', '-in', 'ours.p12', '-passin', 'file:pass');
      expect(info).toContain('MAC: sha256, Iteration 600000');
      expect(info).toContain('Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256');
      expect(info).not.toMatch(/RC2|DES|sha1/i);
      openssl.run('pkcs12', '-in', 'ours.p12', '-passin', 'file:pass', '-nodes', '-nocerts', '-out', 'back.pem');
      expect(createPrivateKey(openssl.read('back.pem')).equals(identity(name).privateKey)).toBe(true);
      openssl.run('pkcs12', '-in', 'ours.p12', '-passin', 'file:pass', '-nokeys', '-clcerts', '-out', 'back.crt');
      expect(new X509Certificate(openssl.read('back.crt')).raw).toEqual(
        new X509Certificate(openssl.read(`${name}.crt`)).raw,
      );
    });

    it('are an identity for TLS', () => {
      const pfx = quick(identity(name));
      expect(() => createSecureContext({ pfx, passphrase: PASSPHRASE })).not.toThrow();
      expect(() => createSecureContext({ pfx, passphrase: 'another passphrase' })).toThrow('mac verify');
    });

    it('come back as they were', async () => {
      const before = identity(name);
      const { privateKey, certificates } = await readPfx(quick(before), PASSPHRASE);
      expect(privateKey.equals(before.privateKey)).toBe(true);
      expect(certificates.map((pem) => new X509Certificate(pem).raw)).toEqual(
        before.certificates.map((pem) => new X509Certificate(pem).raw),
      );
    });

    it.each([
      ['as openssl writes them', PASSPHRASE, []],
      ['with a passphrase in Vietnamese', 'mật khẩu của đơn vị', []],
      [
        'with triple DES, as older programs write them',
        PASSPHRASE,
        ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
      ],
      ['with certificates in the clear', PASSPHRASE, ['-certpbe', 'NONE']],
      ['with the key in the clear', PASSPHRASE, ['-keypbe', 'NONE']],
      [
        'with AES-128 and another digest',
        PASSPHRASE,
        ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha512'],
      ],
    ])('are read %s', async (_what, passphrase, options) => {
      openssl.write('words', passphrase);
      const files = ['-inkey', `${name}.key`, '-in', `${name}.crt`, '-out', 'theirs.p12', '-passout', 'file:words'];
      openssl.run('pkcs12', '-export', ...files, ...options);
      const { privateKey, certificates } = await readPfx(openssl.read('theirs.p12'), passphrase);
      expect(privateKey.equals(identity(name).privateKey)).toBe(true);
      expect(createPublicKey(certificates[0]!).equals(createPublicKey(privateKey))).toBe(true);
    });
  });

  it('put the certificate of the key first, then its issuers', async () => {
    const { privateKey, certificates } = identity('EC');
    const chain = [...certificates, openssl.read('RSA.crt').toString()];
    const read = await readPfx(quick({ privateKey, certificates: chain.toReversed(), name: 'x' }), PASSPHRASE);
    expect(read.certificates.map((pem) => new X509Certificate(pem).subject)).toEqual(['CN=EC', 'CN=RSA']);
  });

  it('may hold a key alone', async () => {
    const { privateKey } = identity('EC');
    const read = await readPfx(quick({ privateKey, certificates: [], name: 'x' }), PASSPHRASE);
    expect(read.certificates).toEqual([]);
  });

  it('are refused with a wrong passphrase, damaged, without a check, or with RC2: each with its code', async () => {
    const pfx = quick(identity('EC'));
    await expect(readPfx(pfx, 'another')).rejects.toMatchObject({ code: 'key_locked' });
    await expect(readPfx(pfx.subarray(0, -1), PASSPHRASE)).rejects.toMatchObject({ code: 'key_damaged' });
    await expect(readPfx(Buffer.from('3003020103', 'hex'), PASSPHRASE)).rejects.toMatchObject({ code: 'key_damaged' });
    await expect(readPfx(Buffer.alloc(2_000_000), PASSPHRASE)).rejects.toMatchObject({ code: 'too_large' });
    const files = ['-inkey', 'EC.key', '-in', 'EC.crt', '-passout', 'file:pass'];
    openssl.run('pkcs12', '-export', ...files, '-nomac', '-out', 'nomac.p12');
    await expect(readPfx(openssl.read('nomac.p12'), PASSPHRASE)).rejects.toMatchObject({ code: 'key_damaged' });
    openssl.run('pkcs12', '-export', ...files, '-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-out', 'rc2.p12');
    await expect(readPfx(openssl.read('rc2.p12'), PASSPHRASE)).rejects.toThrow('RC2');
    openssl.run('pkcs12', '-export', '-nokeys', '-in', 'EC.crt', '-passout', 'file:pass', '-out', 'nokey.p12');
    await expect(readPfx(openssl.read('nokey.p12'), PASSPHRASE)).rejects.toMatchObject({ code: 'bad_key' });
  });

  it('never give another key or certificate, whichever byte of them is changed', async () => {
    const whole = (bytes: Buffer) =>
      readPfx(bytes, PASSPHRASE).then(
        ({ privateKey, certificates }) => JSON.stringify([privateKey.export({ format: 'jwk' }), certificates]),
        ({ code }: { code: string }) => code,
      );
    const pfx = writePfx(identity('EC'), PASSPHRASE, 1);
    const results = new Set<string>();
    for (let at = 0; at < pfx.length; at += 1) {
      const damaged = Buffer.from(pfx);
      damaged[at]! ^= 0x55;
      results.add(await whole(damaged));
    }
    // Tags and parameters outside of what the check covers may say anything; what it covers may not.
    const allowed = ['key_damaged', 'key_locked', await whole(pfx)];
    expect([...results].filter((result) => !allowed.includes(result))).toEqual([]);
    expect(results.has('key_locked')).toBe(true);
  });
});

describe('the passphrase of a new file', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  it.each(['short', 'mật khẩu của đơn vị', 'with\nline break in it'])('is not %j', (passphrase) => {
    expect(() => writePfx({ privateKey, certificates: [], name: 'x' }, passphrase)).toThrow('ASCII');
  });
});
