import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import path from 'node:path';
import { generateKeyPair, type Jwk } from '../../libs/envelope';
import { KeyAdmin, type KeyPurpose } from '../../libs/keystore';
import type { Directory } from '../../libs/schema';
import { spkiDigest } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { makeAuthority } from './certificates-fixture';
import { makeTestFolder, span, type TestFolder } from './keystore-fixture';

/** Which keys a folder takes: what partners would refuse is not even made. */
const top = makeTempFolder('admission');
afterAll(() => removeTempFolder(top));

const UNIT = 'vn.police';
let turn = 0;
let keys: TestFolder;
beforeEach(async () => {
  keys = await makeTestFolder(path.join(top, String((turn += 1))));
});

const rsa = (bits: number, exponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: exponent }).privateKey.export({
    format: 'jwk',
  }) as Jwk;
const curve = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'jwk' }) as Jwk;
const purpose = (use: KeyPurpose['use'], more: Partial<KeyPurpose> = {}): KeyPurpose => ({
  use,
  ...(['signing', 'encryption', 'storage'].includes(use) && { unit: UNIT }),
  ...span(),
  ...more,
});

describe('a key that is taken in', () => {
  it.each<[KeyPurpose['use'], () => Promise<Jwk> | Jwk]>([
    ['signing', () => curve('P-256')],
    ['signing', () => rsa(3072)],
    ['signing', async () => (await generateKeyPair('Ed25519')).privateJwk],
    ['encryption', async () => (await generateKeyPair('hybrid')).privateJwk],
    ['encryption', () => generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }) as Jwk],
    ['receipt', () => curve('P-256')],
    ['governance', async () => (await generateKeyPair('Ed25519')).privateJwk],
    ['tls', () => curve('P-256')],
    ['tls', () => rsa(3072)],
    ['storage', () => ({ kty: 'oct', k: Buffer.alloc(32, 1).toString('base64url') })],
  ])('is fit for %s', async (use, make) => {
    const taken = await keys.admin.take(purpose(use), await make());
    expect(await keys.admin.list()).toEqual([taken]);
  });

  it.each<[string, KeyPurpose['use'], () => Promise<Jwk> | Jwk]>([
    ['weak RSA', 'signing', () => rsa(2048)],
    ['RSA with a small exponent', 'signing', () => rsa(3072, 3)],
    ['weak RSA for TLS', 'tls', () => rsa(2048)],
    ['RSA for receipts', 'receipt', () => rsa(3072)],
    ['RSA that opens messages', 'encryption', () => rsa(3072)],
    ['another curve', 'signing', () => curve('secp256k1')],
    ['another curve for TLS', 'tls', () => curve('P-384')],
    ['a key that signs where one opens', 'encryption', async () => (await generateKeyPair('Ed25519')).privateJwk],
    ['a key that opens where one signs', 'signing', async () => (await generateKeyPair('hybrid')).privateJwk],
    ['a secret for all', 'signing', () => ({ kty: 'oct', k: 'A'.repeat(43) })],
    ['a storage key that is too short', 'storage', () => ({ kty: 'oct', k: 'AAAA' })],
    ['a public key', 'signing', async () => (await generateKeyPair('ES256')).publicJwk],
    ['a public hybrid key', 'encryption', async () => (await generateKeyPair('hybrid')).publicJwk],
    ['half a hybrid key', 'encryption', async () => ({ ...(await generateKeyPair('hybrid')).privateJwk, pub: 'AAAA' })],
    ['nonsense', 'signing', () => ({ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' })],
  ])('is refused: %s, for %s', async (_what, use, make) => {
    await expect(keys.admin.take(purpose(use), await make())).rejects.toMatchObject({ code: 'bad_key' });
    expect(await keys.admin.list()).toEqual([]);
  });

  it.each(['ES256', 'classic', 'hybrid'] as const)('is refused when its halves are of two keys: %s', async (kind) => {
    const [one, other] = [await generateKeyPair(kind), await generateKeyPair(kind)];
    const mixed = { ...one.privateJwk, ...other.publicJwk };
    const use = kind === 'ES256' ? 'signing' : 'encryption';
    await expect(keys.admin.take(purpose(use), mixed)).rejects.toMatchObject({ code: 'bad_key' });
  });

  it.each<[string, Partial<KeyPurpose>]>([
    ['of no unit', { unit: undefined }],
    ['of a unit that is a path', { unit: '../police' }],
    ['with an id that is a path', { kid: '../k1' }],
    ['that ends before it begins', { notAfter: new Date(0) }],
  ])('is refused: one %s', async (_what, change) => {
    await expect(keys.admin.take(purpose('signing', change), curve('P-256'))).rejects.toMatchObject({
      code: 'bad_key',
    });
  });

  it('is of no unit where it is the node’s', async () => {
    await expect(keys.admin.generate(purpose('receipt', { unit: UNIT }), 'ES256')).rejects.toMatchObject({
      code: 'bad_key',
    });
  });
});

describe('the same key in two uses', () => {
  it('is refused in one folder', async () => {
    const jwk = curve('P-256');
    const { kid } = await keys.admin.take(purpose('signing'), jwk);
    const reused = { code: 'key_reused', detail: expect.stringContaining(kid) as string };
    for (const use of ['receipt', 'encryption', 'tls', 'signing'] as const)
      await expect(keys.admin.take(purpose(use, { kid: `other-${use}` }), jwk)).rejects.toMatchObject(reused);
  });

  it('is refused when the directory has it in another', async () => {
    const jwk = curve('P-256');
    const { d: _private, ...publicJwk } = jwk as Jwk & { d: string };
    const listed = { kid: 'listed', jwk: publicJwk, notBefore: '', notAfter: '', status: 'active' };
    const authority = makeAuthority('ca.vn');
    const pinned = authority.privateKey.export({ format: 'jwk' }) as Jwk;
    const directory = {
      governance: { threshold: 1, keys: [] },
      nodes: [
        {
          id: 'vn',
          receiptKeys: [],
          tls: { ca: [], spki: [spkiDigest(new X509Certificate(authority.cert).raw)] },
          units: [{ id: UNIT, signingKeys: [listed], encryptionKeys: [] }],
        },
      ],
    } as unknown as Directory;
    const admin = await KeyAdmin.open(keys.folder, { keyFile: keys.keyFile }, directory);
    const reused = { code: 'key_reused' };
    await expect(admin.take(purpose('receipt'), jwk)).rejects.toMatchObject(reused);
    await expect(admin.take(purpose('signing', { kid: 'another-id' }), jwk)).rejects.toMatchObject(reused);
    await expect(admin.take(purpose('signing', { unit: 'vn.social', kid: 'listed' }), jwk)).rejects.toMatchObject(
      reused,
    );
    await expect(admin.take(purpose('signing'), pinned)).rejects.toMatchObject(reused);
    // As itself, and a TLS key that is pinned as one.
    await expect(admin.take(purpose('signing', { kid: 'listed' }), jwk)).resolves.toMatchObject({ kid: 'listed' });
    await expect(admin.take(purpose('tls'), pinned)).resolves.toMatchObject({ use: 'tls' });
  });

  it('is refused for the storage key of a unit that has one: what is stored needs the first', async () => {
    await keys.admin.generate(purpose('storage'), 'A256');
    await expect(keys.admin.generate(purpose('storage', { kid: 'second' }), 'A256')).rejects.toMatchObject({
      code: 'key_exists',
    });
    await expect(keys.admin.generate(purpose('storage', { unit: 'vn.social' }), 'A256')).resolves.toBeDefined();
  });
});

it('never takes the place of another', async () => {
  await keys.admin.generate(purpose('receipt', { kid: 'k1' }), 'ES256');
  const taken = { code: 'key_exists' };
  await expect(keys.admin.generate(purpose('receipt', { kid: 'k1' }), 'ES256')).rejects.toMatchObject(taken);
  await expect(keys.admin.generate(purpose('encryption', { kid: 'k1' }), 'classic')).rejects.toMatchObject(taken);
});

it('is not put beside keys that another passphrase protects', async () => {
  await keys.admin.generate(purpose('receipt'), 'ES256');
  const other = await KeyAdmin.open(keys.folder, { passphrase: 'correct horse battery' });
  await expect(other.generate(purpose('signing'), 'ES256')).rejects.toMatchObject({ code: 'key_locked' });
});

describe('a passphrase', () => {
  const PASSPHRASE = 'mật khẩu của đơn vị';

  it('opens what it protects, however its letters were typed', async () => {
    const folder = `${keys.folder}-worded`;
    const admin = await KeyAdmin.open(folder, { passphrase: PASSPHRASE.normalize('NFD') }, undefined, true);
    const made = await admin.generate(purpose('receipt'), 'ES256');
    await admin.generate(purpose('signing'), 'ES256');
    const again = await KeyAdmin.open(folder, { passphrase: PASSPHRASE.normalize('NFC') });
    expect(await again.list()).toContainEqual(made);
    const wrong = await KeyAdmin.open(folder, { passphrase: `${PASSPHRASE}!` });
    expect((await wrong.faults()).map(({ code }) => code)).toEqual(['key_locked', 'key_locked']);
  });

  it('is not too short when it is new', async () => {
    const admin = await KeyAdmin.open(`${keys.folder}-short`, { passphrase: 'đđđđđđđđđđđ' }, undefined, true);
    await expect(admin.generate(purpose('receipt'), 'ES256')).rejects.toMatchObject({ code: 'key_locked' });
  });
});
