import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SIGNATURE_ALGORITHMS, type Jwk, type SignatureAlgorithm, type SigningKey } from '../../envelope';
import { KeyAdmin, makeKeyFile, openKeystore } from '..';
import { findSoftHsm, startSoftHsm, type SoftHsm } from '../../../test/harness/soft-hsm';
import type { KeyRecord, TokenPlace } from '../key-record';
import { CK, findObjects, loadCryptoki, type Cryptoki } from './cryptoki';
import { destroyOnToken, generateOnToken, publicKeyOnToken, tokenSigner } from './token-keys';

const library = findSoftHsm();
const withSoftHsm = library ? describe : describe.skip;
const UNIT = 'vn.police';
const span = { notBefore: new Date(Date.now() - 1_000), notAfter: new Date(Date.now() + 86_400_000) };

withSoftHsm('keys on a token', () => {
  let folder: string;
  let hsm: SoftHsm;
  /** The same library, past our own code: what others on the machine may do to it. */
  let aside: Cryptoki;
  let turn = 0;
  let place: TokenPlace;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'trao-hsm-'));
    hsm = startSoftHsm(library!, folder);
    hsm.makeToken('trao');
    aside = await loadCryptoki(library!);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => (place = { module: hsm.module, token: 'trao', label: `key ${(turn += 1)}` }));

  const make = (algorithm: SignatureAlgorithm) => generateOnToken(algorithm, place, hsm.pinFile);
  const recordOf = (algorithm: SignatureAlgorithm, publicJwk: Jwk): KeyRecord => ({
    kid: 'k1',
    use: 'signing',
    unit: UNIT,
    kind: algorithm,
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    public: publicJwk,
  });
  async function signer(algorithm: SignatureAlgorithm = 'ES256'): Promise<{ key: SigningKey; publicJwk: Jwk }> {
    const publicJwk = await make(algorithm);
    return { key: await tokenSigner(recordOf(algorithm, publicJwk), place, hsm.pinFile), publicJwk };
  }
  async function signs({ key, publicJwk }: { key: SigningKey; publicJwk: Jwk }, text = 'message'): Promise<boolean> {
    const { digest, parameters } = SIGNATURE_ALGORITHMS[key.algorithm];
    const publicKey = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' });
    return verify(digest, Buffer.from(text), { key: publicKey, ...parameters }, await key.sign(Buffer.from(text)));
  }
  const closeAllSessions = () => (aside as unknown as Closing).C_CloseAllSessions(slot());
  const slot = () => aside.C_GetSlotList(true).find((each) => aside.C_GetTokenInfo(each).label.trim() === 'trao')!;

  it.each(['ES256', 'Ed25519', 'PS256'] as const)('sign with %s what software verifies', async (algorithm) => {
    expect(await signs(await signer(algorithm))).toBe(true);
  });

  it('are made on it and never leave it', async () => {
    await make('ES256');
    const session = aside.C_OpenSession(slot(), CK.CKF_SERIAL_SESSION);
    const [key] = findObjects(aside, session, [
      { type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY },
      { type: CK.CKA_LABEL, value: place.label },
    ]);
    const flags = aside.C_GetAttributeValue(session, key!, [{ type: CK.CKA_SENSITIVE }, { type: CK.CKA_EXTRACTABLE }]);
    expect(flags.map(({ value }) => value[0])).toEqual([1, 0]);
    const CKA_VALUE = 0x11;
    expect(() => aside.C_GetAttributeValue(session, key!, [{ type: CKA_VALUE }])).toThrow('CKR_ATTRIBUTE_SENSITIVE');
  });

  it('make many signatures at once', async () => {
    const made = await signer();
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => signs(made, `message ${n}`)));
    expect(results).toEqual(Array(50).fill(true));
  });

  it('are one with encrypted files in one folder, behind one port', async () => {
    const keyFile = path.join(folder, `folder ${turn}.key`);
    await makeKeyFile(keyFile);
    const [home, unlock] = [path.join(folder, `folder ${turn}`), { keyFile }];
    const admin = await KeyAdmin.open(home, unlock, undefined, true);
    const publicJwk = await make('PS256');
    const noted = await admin.note({ use: 'signing', unit: UNIT, ...span }, publicJwk, place);
    expect(noted).toMatchObject({ kind: 'PS256', where: `pkcs11 trao/${place.label}` });
    await admin.generate({ use: 'receipt', ...span }, 'ES256');

    const keystore = await openKeystore({ folder: home, unlock, pinFile: hsm.pinFile });
    await keystore.assertReady({ receipt: true, signing: [UNIT] });
    expect(await signs({ key: await keystore.signingKey(UNIT), publicJwk })).toBe(true);
    await expect(admin.reveal(noted.kid)).rejects.toMatchObject({ code: 'bad_key' });

    await keystore.destroy(noted.kid);
    await expect(publicKeyOnToken('PS256', place, hsm.pinFile)).rejects.toMatchObject({ code: 'key_missing' });
    await expect(keystore.signingKey(UNIT)).rejects.toMatchObject({ code: 'key_missing' });
  });

  it('never take the place of another', async () => {
    await make('ES256');
    await expect(make('ES256')).rejects.toMatchObject({ code: 'key_exists' });
  });

  it('can be destroyed, also twice', async () => {
    await make('ES256');
    await destroyOnToken(place, hsm.pinFile);
    await destroyOnToken(place, hsm.pinFile);
    await expect(publicKeyOnToken('ES256', place, hsm.pinFile)).rejects.toMatchObject({ code: 'key_missing' });
  });

  it('show their public half again', async () => {
    const made = await make('ES256');
    expect(await publicKeyOnToken('ES256', place, hsm.pinFile)).toEqual(made);
  });

  it('are refused when a label leads to another key', async () => {
    const { publicJwk } = await signer();
    place = { ...place, label: `${place.label} other` };
    await make('ES256');
    const refused = tokenSigner(recordOf('ES256', publicJwk), place, hsm.pinFile);
    await expect(refused).rejects.toMatchObject({ code: 'bad_key' });
  });

  describe('sign again by themselves after', () => {
    it.each<[string, () => unknown]>([
      ['all sessions were closed', () => closeAllSessions()],
      ['the library was stopped under us', () => aside.C_Finalize()],
    ])('%s', async (_what, disturb) => {
      const made = await signer();
      disturb();
      expect(await Promise.all([signs(made), signs(made), signs(made)])).toEqual([true, true, true]);
    });

    it('the token was pulled out and put back, and say meanwhile that it is gone', async () => {
      const made = await signer();
      const pulled = `${hsm.tokens}-pulled`;
      closeAllSessions();
      renameSync(hsm.tokens, pulled);
      mkdirSync(hsm.tokens);
      const gone = { code: 'token_unavailable', retryable: true };
      await expect(made.key.sign(Buffer.from('message'))).rejects.toMatchObject(gone);
      await expect(made.key.sign(Buffer.from('message'))).rejects.toMatchObject(gone);
      rmSync(hsm.tokens, { recursive: true });
      renameSync(pulled, hsm.tokens);
      expect(await signs(made)).toBe(true);
    });
  });

  describe('are not to be had', () => {
    it('with a wrong PIN, which counts once; a corrected file helps at once', async () => {
      const publicJwk = await make('ES256');
      const pinFile = path.join(folder, `pin ${turn}`);
      writeFileSync(pinFile, 'wrong', { mode: 0o600 });
      aside.C_Finalize(); // nobody is logged in any more
      const load = () => tokenSigner(recordOf('ES256', publicJwk), place, pinFile);
      for (const again of [1, 2, 3])
        await expect(load().then(() => again)).rejects.toMatchObject({ code: 'token_refused', retryable: false });
      writeFileSync(pinFile, '271828', { mode: 0o600 });
      expect(await signs({ key: await load(), publicJwk })).toBe(true);
    });

    it('without a file of the PIN', async () => {
      const detail = expect.stringContaining('TRAO_PKCS11_PIN_FILE') as string;
      await expect(generateOnToken('ES256', place, undefined)).rejects.toMatchObject({
        code: 'config_invalid',
        detail,
      });
    });

    it('where the token, the key or the library is missing', async () => {
      const codeOf = (where: Partial<TokenPlace>) =>
        publicKeyOnToken('ES256', { ...place, ...where }, hsm.pinFile).catch(({ code }: { code: string }) => code);
      expect(await codeOf({ token: 'other' })).toBe('token_unavailable');
      expect(await codeOf({ label: 'nothing' })).toBe('key_missing');
      expect(await codeOf({ module: '/nowhere.so' })).toBe('token_unavailable');
    });
  });
});

/** Not used outside of tests. */
interface Closing {
  C_CloseAllSessions(slot: Buffer): void;
}
