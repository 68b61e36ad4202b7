import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { makeKeyFile, type KeyMetadata } from '../../libs/keystore';
import { assertDirectory } from '../../libs/schema';
import { proposeDirectory } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { makeAuthority, makeCertificate } from './certificates-fixture';
import { directoryOf, keysCli, keysJson, makeKeysPlace, UNIT, type KeysPlace, type Made } from './keys-cli-fixture';

/** `trao keys`, as an administrator uses it: what goes out and comes in as files. */
const top = makeTempFolder('keys-cli');
afterAll(() => removeTempFolder(top));

let turn = 0;
let place: KeysPlace;
beforeEach(async () => {
  place = await makeKeysPlace(path.join(top, String((turn += 1))));
});

describe('export-public', () => {
  it('gives what the directory takes, of every kind, and nothing private of any', async () => {
    const uses: string[][] = [
      ...['ES256', 'Ed25519', 'PS256'].map((kind) => ['--use', 'signing', '--unit', UNIT, '--kind', kind]),
      ...['hybrid', 'classic'].map((kind) => ['--use', 'encryption', '--unit', UNIT, '--kind', kind]),
      ...['ES256', 'Ed25519'].flatMap((kind) => ['receipt', 'governance'].map((use) => ['--use', use, '--kind', kind])),
      ...['ES256', 'PS256'].map((kind) => ['--use', 'tls', '--kind', kind]),
      ['--use', 'storage', '--unit', UNIT],
    ];
    for (const args of uses) await place.generate(...args);
    const secrets = await privateValues();
    const authority = makeAuthority('ca.vn');
    const { stdout } = await keysCli(
      'export-public',
      ...place.options,
      '--ca',
      place.fileWith('ca.pem', authority.cert),
    );

    expect(secrets.length).toBeGreaterThan(uses.length);
    expect(secrets.filter((secret) => stdout.includes(secret))).toEqual([]);
    const members = [...stdout.matchAll(/"(\w+)":/g)].map((match) => match[1]!);
    expect(members.filter((member) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'priv', 'oth'].includes(member))).toEqual(
      [],
    );

    const { node, keys } = JSON.parse(stdout) as { node: string; keys: { use: string; unit?: string; key: never }[] };
    expect(node).toBe('vn');
    expect(keys.map(({ use }) => use).toSorted()).toEqual(
      [
        'signing',
        'signing',
        'signing',
        'encryption',
        'encryption',
        'receipt',
        'receipt',
        'governance',
        'governance',
        'tls',
      ].toSorted(),
    );
    expect(keys.find(({ use }) => use === 'tls')).toMatchObject({
      key: { ca: [authority.cert], spki: [expect.any(String), expect.any(String)] },
    });
    expect(() => assertDirectory(directoryOf(keys))).not.toThrow();
    await expect(proposeDirectory(directoryOf(keys))).resolves.toContain('payload');
  });

  it('gives only what the directory lacks, where there is one', async () => {
    const receipt = await place.generate('--use', 'receipt');
    await place.generate('--use', 'governance');
    await place.generate('--use', 'tls');
    await place.generate('--use', 'signing', '--unit', UNIT);
    await place.generate('--use', 'encryption', '--unit', UNIT);
    const all = await keysJson<{ keys: never[] }>('export-public', ...place.options);
    const published = ['--directory', place.fileWith('directory.json', await proposeDirectory(directoryOf(all.keys)))];
    expect((await keysCli('export-public', ...place.options, ...published)).failure).toMatchObject({
      code: 'key_missing',
    });
    const fresh = await place.generate('--use', 'receipt');
    const { keys } = await keysJson<{ keys: { key: { kid: string } }[] }>(
      'export-public',
      ...place.options,
      ...published,
    );
    expect(keys.map(({ key }) => key.kid)).toEqual([fresh.kid]);

    const list = await keysJson<{ keys: { kid: string; published?: string }[]; notHeld: unknown[] }>(
      'list',
      ...place.options,
      ...published,
    );
    expect(list.keys.find(({ kid }) => kid === receipt.kid)).toMatchObject({ published: 'active' });
    expect(list.keys.find(({ kid }) => kid === fresh.kid)).toMatchObject({ published: 'no' });
  });

  it('needs to know whose they are', async () => {
    await place.generate('--use', 'receipt');
    expect((await keysCli('export-public', ...place.options)).failure).toMatchObject({ code: 'bad_request' });
    expect(await keysJson('export-public', ...place.options, '--node', 'vn')).toMatchObject({ node: 'vn' });
    expect(
      await keysJson('export-public', ...place.options, '--node', 'vn', '--out', place.file('out.json')),
    ).toMatchObject({
      keys: 1,
    });
    expect(JSON.parse(readFileSync(place.file('out.json'), 'utf8'))).toMatchObject({
      node: 'vn',
      keys: [{ use: 'receipt' }],
    });
    expect(
      (await keysCli('export-public', ...place.options, '--node', 'vn', '--out', place.file('out.json'))).failure,
    ).toBeDefined();
    const ca = ['--ca', place.fileWith('no.pem', 'no certificate')];
    expect((await keysCli('export-public', ...place.options, '--node', 'vn', ...ca)).failure).toMatchObject({
      code: 'bad_request',
    });
  });

  /** Each private value of every key, as its JWK spells it. */
  async function privateValues(): Promise<string[]> {
    const { admin } = await place.folder();
    const values = [];
    for (const { kid } of await admin.list()) {
      const { privateJwk, record } = await admin.reveal(kid);
      const known = new Set(Object.values(record.public ?? {}));
      values.push(
        ...Object.values(privateJwk).filter(
          (value) => typeof value === 'string' && value.length > 20 && !known.has(value),
        ),
      );
    }
    return values as string[];
  }
});

describe('import', () => {
  const jwk = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

  it('turns a plain key file of an earlier version into an encrypted one', async () => {
    const plain = jwk();
    const old = place.fileWith('old.json', JSON.stringify({ kid: 'old-kid', jwk: plain, unit: UNIT }));
    const { keys } = await keysJson<Made>('import', old, ...place.options, '--use', 'encryption');
    expect(keys).toMatchObject([{ kid: 'old-kid', unit: UNIT, use: 'encryption', kind: 'classic' }]);
    expect(readFileSync(place.file('keys/encryption/old-kid.json'), 'utf8')).not.toContain(plain.d);
  });

  it('takes a storage key of an earlier version, so that what is stored can be read', async () => {
    const k = Buffer.alloc(32, 9).toString('base64url');
    const old = place.fileWith('old.json', JSON.stringify({ kid: `storage-${UNIT}`, jwk: { kty: 'oct', k } }));
    await keysJson('import', old, ...place.options, '--use', 'storage', '--unit', UNIT);
    const keystore = await place.keystore();
    expect(Buffer.from(await keystore.storageKey(UNIT)).toString('base64url')).toBe(k);
  });

  it('takes a key file of another folder, whole', async () => {
    const made = await place.generate('--use', 'receipt', '--kid', 'r1');
    await makeKeyFile(place.file('other.key'));
    const other = ['--keys', place.file('other'), '--key-file', place.file('other.key')];
    const from = place.file('keys/receipt/r1.json');
    expect((await keysCli('import', from, ...other)).failure).toMatchObject({ code: 'key_locked' });
    const { keys } = await keysJson<Made>('import', from, ...other, '--from-key-file', place.file('key'));
    expect(keys).toEqual([made]);
  });

  it('takes PEM and PKCS#12, with the certificates', async () => {
    const authority = makeAuthority('ca.vn');
    const { cert, key } = makeCertificate('gateway.vn', authority);
    await keysJson('import', place.fileWith('key.pem', key), ...place.options, '--use', 'tls', '--kid', 't1');
    const words = place.fileWith('words', 'correct horse battery');
    const chain = ['--certificate', place.fileWith('cert.pem', cert), place.fileWith('ca.pem', authority.cert)];
    await keysJson(
      'export-pfx',
      't1',
      ...place.options,
      ...chain,
      '--to-passphrase-file',
      words,
      '--out',
      place.file('t1.p12'),
    );
    const pfx = readFileSync(place.file('t1.p12'));
    expect(statSync(place.file('t1.p12')).mode & 0o777).toBe(0o600);
    expect(() => createSecureContext({ pfx, passphrase: 'correct horse battery' })).not.toThrow();

    await makeKeyFile(place.file('other.key'));
    const other = ['--keys', place.file('other'), '--key-file', place.file('other.key')];
    const out = ['--certificates-out', place.file('chain.pem')];
    const args = [place.file('t1.p12'), ...other, '--use', 'tls', '--from-passphrase-file', words, ...out];
    await keysJson('import', ...args);
    expect(readFileSync(place.file('chain.pem'), 'utf8')).toBe(cert + authority.cert);
  });

  it.each<[string, string, string[], string]>([
    ['half a key', '{"kty":"EC"}', ['--use', 'receipt'], 'bad_key'],
    ['nonsense', 'nonsense', ['--use', 'receipt'], 'key_damaged'],
    ['a key for no use', JSON.stringify(jwk()), [], 'bad_request'],
    [
      'a passphrase of nowhere',
      JSON.stringify(jwk()),
      ['--use', 'receipt', '--from-passphrase-file', '/nowhere'],
      'key_unreadable',
    ],
  ])('refuses %s', async (_what, content, args, code) => {
    expect(
      (await keysCli('import', place.fileWith('foreign', content), ...place.options, ...args)).failure,
    ).toMatchObject({ code });
  });

  it('refuses a file that is not there', async () => {
    expect((await keysCli('import', place.file('none'), ...place.options)).failure).toMatchObject({
      code: 'bad_request',
    });
  });
});

describe('csr and export-pfx', () => {
  it('make a TLS key with a request for its certificate', async () => {
    const { key, csr } = await keysJson<{ key: KeyMetadata; csr: string }>(
      'csr',
      ...place.options,
      '--host',
      'gateway.vn.example',
      '192.0.2.1',
    );
    expect(csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(key).toMatchObject({ use: 'tls', kind: 'ES256' });
    const again = await keysCli(
      'csr',
      ...place.options,
      '--kid',
      key.kid,
      '--host',
      'other.vn.example',
      '--out',
      place.file('a.csr'),
    );
    expect(again.failure).toBeUndefined();
    expect(readFileSync(place.file('a.csr'), 'utf8')).toContain('CERTIFICATE REQUEST');
    expect((await keysJson<{ keys: unknown[] }>('list', ...place.options)).keys).toHaveLength(1);
    expect((await keysCli('csr', ...place.options, '--host', 'a.example', '--kind', 'PS256')).stdout).toContain(
      'export-pfx',
    );
  });

  it.each<[string[], string]>([
    [['--host', 'not a host'], 'bad_request'],
    [['--host', 'a.example', '--country', 'Việt Nam'], 'bad_request'],
    [['--host', 'a.example', '--kid', 'nothing'], 'key_missing'],
  ])('refuse %j', async (args, code) => {
    expect((await keysCli('csr', ...place.options, ...args)).failure).toMatchObject({ code });
  });

  it('give out no key that opens messages or cases, and none with a certificate of another', async () => {
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await place.generate('--use', 'storage', '--unit', UNIT, '--kid', 's1');
    await place.generate('--use', 'tls', '--kid', 't1');
    const words = place.fileWith('words', 'correct horse battery');
    const codeOf = async (kid: string, ...args: string[]) =>
      (
        await keysCli(
          'export-pfx',
          kid,
          ...place.options,
          '--to-passphrase-file',
          words,
          '--out',
          place.file('out.p12'),
          ...args,
        )
      ).failure?.code;
    expect(await codeOf('e1')).toBe('bad_key');
    expect(await codeOf('s1')).toBe('bad_key');
    const { cert } = makeCertificate('gateway.vn', makeAuthority('ca.vn'));
    expect(await codeOf('t1', '--certificate', place.fileWith('cert.pem', cert))).toBe('bad_request');
    expect(await codeOf('t1', '--certificate', place.fileWith('none.pem', 'none'))).toBe('bad_request');
    expect(await codeOf('t1')).toBeUndefined();
    expect(
      (
        await keysCli(
          'export-pfx',
          't1',
          ...place.options,
          '--to-passphrase-file',
          words,
          '--out',
          place.file('out.p12'),
        )
      ).stdout,
    ).toBe('');
    expect(createPublicKey(createPrivateKey(await pemOf('t1')))).toBeDefined();
  });

  async function pemOf(kid: string): Promise<string> {
    const { admin } = await place.folder();
    const { privateJwk } = await admin.reveal(kid);
    return createPrivateKey({ key: privateJwk as never, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  }
});
