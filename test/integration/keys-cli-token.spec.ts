import path from 'node:path';
import { makeKeyFile, openKeystore, type KeyMetadata } from '../../libs/keystore';
import { findSoftHsm, startSoftHsm, type SoftHsm } from '../harness/soft-hsm';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { keysCli, keysJson } from './keys-cli-fixture';

const library = findSoftHsm();
const withSoftHsm = library ? describe : describe.skip;
const UNIT = 'vn.police';

withSoftHsm('trao keys, with keys on a token', () => {
  const top = makeTempFolder('keys-token');
  let hsm: SoftHsm;
  let common: string[];
  beforeAll(async () => {
    hsm = startSoftHsm(library!, top);
    hsm.makeToken('trao');
    await makeKeyFile(path.join(top, 'key'));
    common = ['--keys', path.join(top, 'keys'), '--key-file', path.join(top, 'key'), '--pin-file', hsm.pinFile];
  });
  afterAll(() => removeTempFolder(top));

  const onToken = () => ['--pkcs11', hsm.module, '--token', 'trao'];
  const open = () =>
    openKeystore({ folder: path.join(top, 'keys'), unlock: { keyFile: path.join(top, 'key') }, pinFile: hsm.pinFile });

  it('makes one, makes its successor beside it, publishes both, and destroys the object of the one that is over', async () => {
    const signing = ['--use', 'signing', '--unit', UNIT];
    const made = await keysJson<{ keys: KeyMetadata[] }>(
      'generate',
      ...common,
      ...signing,
      '--kind',
      'PS256',
      ...onToken(),
    );
    const [first] = made.keys as [KeyMetadata];
    expect(first.where).toMatch(/^pkcs11 trao\/trao signing vn\.police \d{4}-\d\d-\d\d$/);

    const [next] = (await keysJson<{ keys: KeyMetadata[] }>('rotate', ...common, ...signing)).keys as [KeyMetadata];
    expect(next).toMatchObject({ kind: 'PS256', where: expect.stringMatching(/^pkcs11 trao\//) as string });
    expect(next.where).not.toBe(first.where);

    const { keys } = await keysJson<{ keys: { key: object }[] }>('export-public', ...common);
    expect(keys.map(({ key }) => key)).toMatchObject([
      { exception: 'national_hsm_rsa_only', status: 'active', jwk: { kty: 'RSA' } },
      { exception: 'national_hsm_rsa_only', status: 'active', jwk: { kty: 'RSA' } },
    ]);
    expect(await (await open()).signingKey(UNIT)).toMatchObject({ kid: first.kid, algorithm: 'PS256' });
    expect((await keysCli('retire', first.kid, ...common)).failure).toMatchObject({ code: 'key_last' });

    await (await open()).destroy(first.kid);
    const again = await keysCli(
      'generate',
      ...common,
      ...signing,
      '--kind',
      'PS256',
      ...onToken(),
      '--label',
      first.where.slice('pkcs11 trao/'.length),
    );
    expect(again.failure).toBeUndefined();
  });

  it('makes no key on it that would have to leave it', async () => {
    for (const use of [
      ['--use', 'encryption', '--unit', UNIT],
      ['--use', 'storage', '--unit', UNIT],
      ['--use', 'tls'],
    ])
      expect((await keysCli('generate', ...common, ...use, ...onToken())).failure).toMatchObject({ code: 'bad_key' });
    const noPin = common.slice(0, -2);
    expect((await keysCli('generate', ...noPin, '--use', 'receipt', ...onToken())).failure).toMatchObject({
      code: 'config_invalid',
    });
  });
});
