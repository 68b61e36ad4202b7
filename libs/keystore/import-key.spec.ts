import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readForeignKey } from './import-key';
import { writePfx } from './pkcs12/write';

const PASSPHRASE = 'correct horse battery';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = privateKey.export({ format: 'jwk' });
const pem = (key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1', passphrase?: string) =>
  Buffer.from(
    key.export({
      type,
      format: 'pem',
      ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }),
    }) as string,
  );

describe('a private key of somebody else', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey;

  it.each<[string, Buffer, string | undefined]>([
    ['a JWK', Buffer.from(JSON.stringify(jwk)), undefined],
    ['a key file of an earlier version', Buffer.from(JSON.stringify({ kid: 'k1', jwk, unit: 'vn.police' })), undefined],
    ['PKCS#8', pem(privateKey, 'pkcs8'), undefined],
    ['encrypted PKCS#8', pem(privateKey, 'pkcs8', PASSPHRASE), PASSPHRASE],
    ['SEC 1', pem(privateKey, 'sec1'), undefined],
    ['PKCS#12', writePfx({ privateKey, certificates: [], name: 'x' }, PASSPHRASE, 1), PASSPHRASE],
  ])('is read from %s', async (_what, bytes, passphrase) => {
    const { privateJwk } = await readForeignKey(bytes, passphrase);
    expect(createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' }).equals(privateKey)).toBe(true);
  });

  it('is read from PKCS#1, and whole', async () => {
    expect((await readForeignKey(pem(rsa, 'pkcs1'))).privateJwk).toEqual(rsa.export({ format: 'jwk' }));
  });

  it('says of itself what an earlier version wrote down', async () => {
    const file = Buffer.from(JSON.stringify({ kid: 'k1', jwk, unit: 'vn.police' }));
    expect(await readForeignKey(file)).toMatchObject({ kid: 'k1', unit: 'vn.police' });
  });

  it.each<[string, Buffer, string | undefined, string]>([
    ['an encrypted PEM file without a passphrase', pem(privateKey, 'pkcs8', PASSPHRASE), undefined, 'key_locked'],
    ['an encrypted PEM file with a wrong one', pem(privateKey, 'pkcs8', PASSPHRASE), 'wrong', 'key_locked'],
    [
      'PKCS#12 without one',
      writePfx({ privateKey, certificates: [], name: 'x' }, PASSPHRASE, 1),
      undefined,
      'key_locked',
    ],
    ['a PEM file cut short', pem(privateKey, 'pkcs8').subarray(0, 150), undefined, 'key_damaged'],
    ['a public key as PEM', Buffer.from('-----BEGIN PUBLIC KEY-----\n'), undefined, 'key_damaged'],
    ['JSON that is no key', Buffer.from('{"a":1}'), undefined, 'key_damaged'],
    ['JSON that is nothing', Buffer.from('null'), undefined, 'key_damaged'],
    ['JSON with a member twice', Buffer.from('{"kty":"EC","kty":"RSA"}'), undefined, 'key_damaged'],
    ['nothing', Buffer.alloc(0), undefined, 'key_damaged'],
    ['much too much', Buffer.alloc(2_000_000), undefined, 'too_large'],
    [
      'a kind of key without a JSON form',
      pem(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey, 'pkcs8'),
      undefined,
      'bad_key',
    ],
  ])('is not read from %s', async (_what, bytes, passphrase, code) => {
    const refused = await readForeignKey(bytes, passphrase).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code });
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain(String(jwk.d));
  });
});
