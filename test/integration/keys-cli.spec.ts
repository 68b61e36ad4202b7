import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { makeKeyFile, openKeystore, type KeyMetadata } from '../../libs/keystore';
import { assertDirectory, type Directory } from '../../libs/schema';
import { proposeDirectory } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { makeAuthority, makeCertificate } from './certificates-fixture';
import { keysCli, keysJson } from './keys-cli-fixture';
import { openTestFolder } from './keystore-fixture';

/** `trao keys`, as an administrator uses it. */
const top = makeTempFolder('keys-cli');
afterAll(() => removeTempFolder(top));

const UNIT = 'vn.police';
const DAY_MS = 86_400_000;
let turn = 0;
let home: string;
let common: string[];
beforeEach(async () => {
  home = path.join(top, String((turn += 1)));
  await makeKeyFile(path.join(home, 'key'));
  common = ['--keys', path.join(home, 'keys'), '--key-file', path.join(home, 'key')];
});

interface Made {
  readonly keys: readonly KeyMetadata[];
}
const generate = async (...args: string[]) => (await keysJson<Made>('generate', ...common, ...args)).keys[0]!;
const file = (name: string) => path.join(home, name);
const fileWith = (name: string, content: string | Uint8Array) => {
  writeFileSync(file(name), content, { mode: 0o600 });
  return file(name);
};
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe('generate', () => {
  it.each([
    [['--use', 'signing', '--unit', UNIT], { kind: 'ES256', unit: UNIT }],
    [['--use', 'signing', '--unit', UNIT, '--kind', 'PS256'], { kind: 'PS256' }],
    [['--use', 'signing', '--unit', UNIT, '--kind', 'Ed25519', '--kid', 'vn.police.sig2'], { kid: 'vn.police.sig2' }],
    [['--use', 'encryption', '--unit', UNIT], { kind: 'hybrid' }],
    [['--use', 'encryption', '--unit', UNIT, '--kind', 'classic'], { kind: 'classic' }],
    [['--use', 'receipt'], { kind: 'ES256' }],
    [['--use', 'governance'], { kind: 'Ed25519' }],
    [['--use', 'storage', '--unit', UNIT], { kind: 'A256', kid: `storage-${UNIT}` }],
    [['--use', 'tls'], { kind: 'ES256' }],
    [['--use', 'tls', '--kind', 'PS256'], { kind: 'PS256' }],
  ])('makes a key: %j', async (args, expected) => {
    const key = await generate(...args);
    expect(key).toMatchObject({ ...expected, where: 'file' });
    expect(key.fingerprint).toMatch(/^(\d{4} ){7}\d{4}$/);
    expect(JSON.stringify(key)).not.toMatch(/"(d|k|p|q|priv|public)":/);
  });

  it('keeps to the time that is asked for', async () => {
    const key = await generate('--use', 'receipt', '--not-before', '2027-01-01', '--not-after', '2027-02-01T12:00:00Z');
    expect(key).toMatchObject({ notBefore: '2027-01-01T00:00:00.000Z', notAfter: '2027-02-01T12:00:00.000Z' });
  });

  it('prints the fingerprint for people, and the next command', async () => {
    const { stdout } = await keysCli('generate', ...common, '--use', 'receipt');
    expect(stdout).toMatch(/receipt, ES256/);
    expect(stdout).toMatch(/(\d{4} ){7}\d{4}/);
    expect(stdout).toContain('trao keys export-public');
  });

  it.each<[string[], string]>([
    [['--use', 'signing'], 'bad_key'],
    [['--use', 'receipt', '--unit', UNIT], 'bad_key'],
    [['--use', 'receipt', '--kind', 'hybrid'], 'bad_key'],
    [['--use', 'receipt', '--not-before', 'tomorrow'], 'bad_request'],
    [['--use', 'receipt', '--not-after', '2001-01-01'], 'bad_key'],
    [['--use', 'signing', '--unit', UNIT, '--token', 'trao'], 'bad_request'],
    [['--use', 'encryption', '--unit', UNIT, '--pkcs11', '/m.so', '--token', 'trao'], 'bad_key'],
  ])('refuses %j', async (args, code) => {
    expect((await keysCli('generate', ...common, ...args)).failure).toMatchObject({ code });
  });

  it('never takes the place of a key', async () => {
    await generate('--use', 'receipt', '--kid', 'r1');
    const { failure } = await keysCli('generate', ...common, '--use', 'receipt', '--kid', 'r1');
    expect(failure).toMatchObject({ code: 'key_exists' });
  });

  it('leaves files that only their owner reads', async () => {
    await generate('--use', 'receipt', '--kid', 'r1');
    expect(statSync(file('keys/receipt/r1.json')).mode & 0o777).toBe(0o600);
    for (const folder of ['keys', 'keys/receipt']) expect(statSync(file(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('what opens the keys', () => {
  it('may be a passphrase in a file', async () => {
    const words = ['--passphrase-file', fileWith('words', 'mật khẩu của đơn vị\n')];
    const folder = ['--keys', file('worded')];
    await keysJson('generate', ...folder, ...words, '--use', 'receipt');
    expect(await keysJson('list', ...folder, ...words)).toMatchObject({ ok: true, keys: [{ use: 'receipt' }] });
    const wrong = await keysCli('list', ...folder, '--passphrase-file', fileWith('wrong', 'something else'));
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stdout).toContain('key_locked');
  });

  it.each<[string[], string]>([
    [[], 'config_invalid'],
    [['--key-file', 'KEY', '--passphrase-file', 'WORDS'], 'config_invalid'],
    [['--passphrase-file', 'NOWHERE'], 'key_unreadable'],
  ])('is said: %j', async (args, code) => {
    fileWith('WORDS', 'correct horse battery');
    mkdirSync(file('keys'), { mode: 0o700 });
    const places = args.map((arg) => (/^[A-Z]+$/.test(arg) ? file(arg === 'KEY' ? 'key' : arg) : arg));
    expect((await keysCli('list', '--keys', file('keys'), ...places)).failure).toMatchObject({ code });
  });

  it('is asked for before anything is made', async () => {
    const { failure } = await keysCli('generate', '--keys', file('new'), '--use', 'receipt');
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(readdirSync(home)).toEqual(['key']);
  });

  it('needs a folder', async () => {
    expect((await keysCli('list', '--key-file', file('key'))).failure).toMatchObject({ code: 'config_invalid' });
    expect((await keysCli('list', ...common)).failure).toMatchObject({ code: 'key_folder_missing' });
  });
});

describe('rotate', () => {
  const rotate = async (...args: string[]) => (await keysJson<Made>('rotate', ...common, ...args)).keys;

  it('makes the encryption keys of the next twelve weeks, then those after them', async () => {
    await generate('--use', 'encryption', '--unit', UNIT);
    const first = await rotate('--unit', UNIT);
    const next = await rotate('--unit', UNIT, '--weeks', '3');
    const starts = [...first, ...next].map(({ notBefore }) => Date.parse(notBefore));
    expect(starts).toHaveLength(15);
    expect(starts.map((start) => new Date(start).getUTCDay())).toEqual(Array(15).fill(1));
    expect(starts.slice(1).map((start, at) => start - starts[at]!)).toEqual(Array(14).fill(7 * DAY_MS));
    expect(first.every(({ kind }) => kind === 'hybrid')).toBe(true);
  });

  it('makes no more than the directory takes', async () => {
    await generate('--use', 'encryption', '--unit', UNIT);
    await generate('--use', 'encryption', '--unit', UNIT, '--kind', 'classic');
    await rotate('--unit', UNIT);
    const { failure } = await keysCli('rotate', ...common, '--unit', UNIT);
    expect(failure).toMatchObject({
      code: 'bad_request',
      detail: expect.stringContaining('--weeks 6 at most') as string,
    });
  });

  it('makes a successor of a signing key, of its kind, that begins when partners can know it', async () => {
    await generate('--use', 'signing', '--unit', UNIT, '--kind', 'Ed25519');
    const [made] = await rotate('--use', 'signing', '--unit', UNIT);
    expect(made).toMatchObject({ use: 'signing', kind: 'Ed25519' });
    expect(made!.notBefore.slice(0, 10)).toBe(day(14));
  });

  it.each<[string[], string]>([
    [['--use', 'receipt'], 'key_missing'],
    [['--use', 'storage', '--unit', UNIT], 'bad_request'],
    [['--unit', UNIT, '--weeks', '0'], 'bad_request'],
    [['--unit', UNIT, '--weeks', '18'], 'bad_request'],
    [[], 'bad_key'],
  ])('refuses %j', async (args, code) => {
    mkdirSync(file('keys'), { mode: 0o700 });
    expect((await keysCli('rotate', ...common, ...args)).failure).toMatchObject({ code });
  });
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
    for (const args of uses) await generate(...args);
    const secrets = await privateValues();
    const authority = makeAuthority('ca.vn');
    const { stdout } = await keysCli('export-public', ...common, '--ca', fileWith('ca.pem', authority.cert));

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
    const receipt = await generate('--use', 'receipt');
    await generate('--use', 'governance');
    await generate('--use', 'tls');
    await generate('--use', 'signing', '--unit', UNIT);
    await generate('--use', 'encryption', '--unit', UNIT);
    const all = await keysJson<{ keys: never[] }>('export-public', ...common);
    const published = ['--directory', fileWith('directory.json', await proposeDirectory(directoryOf(all.keys)))];
    expect((await keysCli('export-public', ...common, ...published)).failure).toMatchObject({ code: 'key_missing' });
    const fresh = await generate('--use', 'receipt');
    const { keys } = await keysJson<{ keys: { key: { kid: string } }[] }>('export-public', ...common, ...published);
    expect(keys.map(({ key }) => key.kid)).toEqual([fresh.kid]);

    const list = await keysJson<{ keys: { kid: string; published?: string }[]; notHeld: unknown[] }>(
      'list',
      ...common,
      ...published,
    );
    expect(list.keys.find(({ kid }) => kid === receipt.kid)).toMatchObject({ published: 'active' });
    expect(list.keys.find(({ kid }) => kid === fresh.kid)).toMatchObject({ published: 'no' });
  });

  it('needs to know whose they are', async () => {
    await generate('--use', 'receipt');
    expect((await keysCli('export-public', ...common)).failure).toMatchObject({ code: 'bad_request' });
    expect(await keysJson('export-public', ...common, '--node', 'vn')).toMatchObject({ node: 'vn' });
    expect(await keysJson('export-public', ...common, '--node', 'vn', '--out', file('out.json'))).toMatchObject({
      keys: 1,
    });
    expect(JSON.parse(readFileSync(file('out.json'), 'utf8'))).toMatchObject({
      node: 'vn',
      keys: [{ use: 'receipt' }],
    });
    expect(
      (await keysCli('export-public', ...common, '--node', 'vn', '--out', file('out.json'))).failure,
    ).toBeDefined();
    const ca = ['--ca', fileWith('no.pem', 'no certificate')];
    expect((await keysCli('export-public', ...common, '--node', 'vn', ...ca)).failure).toMatchObject({
      code: 'bad_request',
    });
  });

  /** Each private value of every key, as its JWK spells it. */
  async function privateValues(): Promise<string[]> {
    const { admin } = await openTestFolder(file('keys'), file('key'));
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

describe('list', () => {
  it('tells the states of keys, and what ends soon', async () => {
    const at = (from: number, to: number) => ['--not-before', day(from), '--not-after', day(to)];
    await generate('--use', 'receipt', '--kid', 'ahead', ...at(5, 300));
    await generate('--use', 'receipt', '--kid', 'now', ...at(-5, 300));
    await generate('--use', 'receipt', '--kid', 'over', ...at(-5, -1));
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'grace', '--kind', 'classic', ...at(-5, -1));
    await generate('--use', 'tls', '--kid', 'soon', ...at(-5, 10));
    await generate('--use', 'governance', '--kid', 'gone');
    await (await openKeystore({ folder: file('keys'), unlock: { keyFile: file('key') } })).destroy('gone');
    const list = await keysJson<{ keys: { kid: string; state: string; daysLeft: number }[]; expiries: unknown[] }>(
      'list',
      ...common,
    );
    expect(Object.fromEntries(list.keys.map(({ kid, state }) => [kid, state]))).toEqual({
      ahead: 'future',
      now: 'active',
      over: 'retired',
      grace: 'in grace',
      soon: 'active',
      gone: 'destroyed',
    });
    expect(list.expiries).toEqual([
      expect.objectContaining({ subject: UNIT, use: 'encryption', level: 0 }),
      expect.objectContaining({ use: 'tls', daysLeft: 9, level: 14 }),
    ]);
    const { stdout, exitCode } = await keysCli('list', ...common);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^KID +USE +UNIT/);
    expect(stdout).toContain('tls (held) ends in 9 days');
  });

  it('tells which keys of ours are in the directory and not here', async () => {
    await generate('--use', 'receipt', '--kid', 'r1');
    await generate('--use', 'governance', '--kid', 'g1');
    await generate('--use', 'tls', '--kid', 't1');
    await generate('--use', 'signing', '--unit', UNIT, '--kid', 's1');
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e2', '--kind', 'classic');
    const { keys } = await keysJson<{ keys: never[] }>('export-public', ...common);
    const published = ['--directory', fileWith('directory.json', await proposeDirectory(directoryOf(keys)))];
    await (await openKeystore({ folder: file('keys'), unlock: { keyFile: file('key') } })).destroy('e1');
    const { notHeld } = await keysJson<{ notHeld: unknown[] }>('list', ...common, ...published);
    expect(notHeld).toEqual([{ kid: 'e1', use: 'encryption', holder: UNIT }]);
    expect((await keysCli('list', ...common, ...published)).stdout).toContain(
      '! e1: encryption of vn.police is in the directory',
    );
  });

  it('names what cannot be read, and fails', async () => {
    await generate('--use', 'receipt', '--kid', 'r1');
    writeFileSync(file('keys/receipt/r1.json'), 'gone');
    const { stdout, exitCode } = await keysCli('list', ...common);
    expect({ exitCode, named: /key_damaged.*r1\.json/.test(stdout) }).toEqual({ exitCode: 1, named: true });
  });
});

describe('retire', () => {
  it('ends a key, writes the change for the directory, and destroys it when the grace is over', async () => {
    await generate('--use', 'signing', '--unit', UNIT, '--kid', 's1');
    await generate('--use', 'signing', '--unit', UNIT, '--kid', 's2');
    const change = file('change.json');
    const { key } = await keysJson<{ key: KeyMetadata }>('retire', 's1', ...common, '--out', change);
    expect(Math.round((Date.parse(key.destroyAfter!) - Date.now()) / DAY_MS)).toBe(14);
    expect(JSON.parse(readFileSync(change, 'utf8'))).toMatchObject({
      node: 'vn',
      keys: [{ use: 'signing', unit: UNIT, key: { kid: 's1', status: 'retired' } }],
    });
    const keystore = await openKeystore({ folder: file('keys'), unlock: { keyFile: file('key') } });
    expect(await keystore.signingKey(UNIT)).toMatchObject({ kid: 's2' });

    const { admin } = await openTestFolder(file('keys'), file('key'));
    await admin.retire('s1', new Date(), new Date(Date.now() - 1));
    expect(await keysJson('retire', 's1', ...common)).toEqual({ ok: true, destroyed: 's1' });
    expect((await keystore.list()).map(({ kid }) => kid)).toEqual(['s2']);
  });

  it('refuses the last usable key of its use, of its unit and of its suite', async () => {
    await generate('--use', 'receipt', '--kid', 'r1');
    await generate('--use', 'receipt', '--kid', 'ahead', '--not-before', day(5));
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e2', '--kind', 'hybrid');
    await generate('--use', 'encryption', '--unit', 'vn.social', '--kid', 'e3', '--kind', 'classic');
    for (const kid of ['r1', 'e1', 'e2'])
      expect((await keysCli('retire', kid, ...common)).failure).toMatchObject({ code: 'key_last' });
  });

  it.each<[string[], string]>([
    [['nothing'], 'key_missing'],
    [[`storage-${UNIT}`], 'bad_request'],
    [['r1', '--grace-days', 'many'], 'bad_request'],
  ])('refuses %j', async (args, code) => {
    await generate('--use', 'storage', '--unit', UNIT);
    for (const kid of ['r1', 'r2']) await generate('--use', 'receipt', '--kid', kid);
    expect((await keysCli('retire', ...args, ...common)).failure).toMatchObject({ code });
  });
});

describe('import', () => {
  const jwk = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

  it('turns a plain key file of an earlier version into an encrypted one', async () => {
    const plain = jwk();
    const old = fileWith('old.json', JSON.stringify({ kid: 'old-kid', jwk: plain, unit: UNIT }));
    const { keys } = await keysJson<Made>('import', old, ...common, '--use', 'encryption');
    expect(keys).toMatchObject([{ kid: 'old-kid', unit: UNIT, use: 'encryption', kind: 'classic' }]);
    expect(readFileSync(file('keys/encryption/old-kid.json'), 'utf8')).not.toContain(plain.d);
  });

  it('takes a storage key of an earlier version, so that what is stored can be read', async () => {
    const k = Buffer.alloc(32, 9).toString('base64url');
    const old = fileWith('old.json', JSON.stringify({ kid: `storage-${UNIT}`, jwk: { kty: 'oct', k } }));
    await keysJson('import', old, ...common, '--use', 'storage', '--unit', UNIT);
    const keystore = await openKeystore({ folder: file('keys'), unlock: { keyFile: file('key') } });
    expect(Buffer.from(await keystore.storageKey(UNIT)).toString('base64url')).toBe(k);
  });

  it('takes a key file of another folder, whole', async () => {
    const made = await generate('--use', 'receipt', '--kid', 'r1');
    await makeKeyFile(file('other.key'));
    const other = ['--keys', file('other'), '--key-file', file('other.key')];
    const from = file('keys/receipt/r1.json');
    expect((await keysCli('import', from, ...other)).failure).toMatchObject({ code: 'key_locked' });
    const { keys } = await keysJson<Made>('import', from, ...other, '--from-key-file', file('key'));
    expect(keys).toEqual([made]);
  });

  it('takes PEM and PKCS#12, with the certificates', async () => {
    const authority = makeAuthority('ca.vn');
    const { cert, key } = makeCertificate('gateway.vn', authority);
    await keysJson('import', fileWith('key.pem', key), ...common, '--use', 'tls', '--kid', 't1');
    const words = fileWith('words', 'correct horse battery');
    const chain = ['--certificate', fileWith('cert.pem', cert), fileWith('ca.pem', authority.cert)];
    await keysJson('export-pfx', 't1', ...common, ...chain, '--to-passphrase-file', words, '--out', file('t1.p12'));
    const pfx = readFileSync(file('t1.p12'));
    expect(statSync(file('t1.p12')).mode & 0o777).toBe(0o600);
    expect(() => createSecureContext({ pfx, passphrase: 'correct horse battery' })).not.toThrow();

    await makeKeyFile(file('other.key'));
    const other = ['--keys', file('other'), '--key-file', file('other.key')];
    const out = ['--certificates-out', file('chain.pem')];
    const args = [file('t1.p12'), ...other, '--use', 'tls', '--from-passphrase-file', words, ...out];
    await keysJson('import', ...args);
    expect(readFileSync(file('chain.pem'), 'utf8')).toBe(cert + authority.cert);
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
    expect((await keysCli('import', fileWith('foreign', content), ...common, ...args)).failure).toMatchObject({ code });
  });

  it('refuses a file that is not there', async () => {
    expect((await keysCli('import', file('none'), ...common)).failure).toMatchObject({ code: 'bad_request' });
  });
});

describe('csr and export-pfx', () => {
  it('make a TLS key with a request for its certificate', async () => {
    const { key, csr } = await keysJson<{ key: KeyMetadata; csr: string }>(
      'csr',
      ...common,
      '--host',
      'gateway.vn.example',
      '192.0.2.1',
    );
    expect(csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(key).toMatchObject({ use: 'tls', kind: 'ES256' });
    const again = await keysCli(
      'csr',
      ...common,
      '--kid',
      key.kid,
      '--host',
      'other.vn.example',
      '--out',
      file('a.csr'),
    );
    expect(again.failure).toBeUndefined();
    expect(readFileSync(file('a.csr'), 'utf8')).toContain('CERTIFICATE REQUEST');
    expect((await keysJson<{ keys: unknown[] }>('list', ...common)).keys).toHaveLength(1);
    expect((await keysCli('csr', ...common, '--host', 'a.example', '--kind', 'PS256')).stdout).toContain('export-pfx');
  });

  it.each<[string[], string]>([
    [['--host', 'not a host'], 'bad_request'],
    [['--host', 'a.example', '--country', 'Việt Nam'], 'bad_request'],
    [['--host', 'a.example', '--kid', 'nothing'], 'key_missing'],
  ])('refuse %j', async (args, code) => {
    expect((await keysCli('csr', ...common, ...args)).failure).toMatchObject({ code });
  });

  it('give out no key that opens messages or cases, and none with a certificate of another', async () => {
    await generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await generate('--use', 'storage', '--unit', UNIT, '--kid', 's1');
    await generate('--use', 'tls', '--kid', 't1');
    const words = fileWith('words', 'correct horse battery');
    const codeOf = async (kid: string, ...args: string[]) =>
      (await keysCli('export-pfx', kid, ...common, '--to-passphrase-file', words, '--out', file('out.p12'), ...args))
        .failure?.code;
    expect(await codeOf('e1')).toBe('bad_key');
    expect(await codeOf('s1')).toBe('bad_key');
    const { cert } = makeCertificate('gateway.vn', makeAuthority('ca.vn'));
    expect(await codeOf('t1', '--certificate', fileWith('cert.pem', cert))).toBe('bad_request');
    expect(await codeOf('t1', '--certificate', fileWith('none.pem', 'none'))).toBe('bad_request');
    expect(await codeOf('t1')).toBeUndefined();
    expect(
      (await keysCli('export-pfx', 't1', ...common, '--to-passphrase-file', words, '--out', file('out.p12'))).stdout,
    ).toBe('');
    expect(createPublicKey(createPrivateKey(await pemOf('t1')))).toBeDefined();
  });

  async function pemOf(kid: string): Promise<string> {
    const { admin } = await openTestFolder(file('keys'), file('key'));
    const { privateJwk } = await admin.reveal(kid);
    return createPrivateKey({ key: privateJwk as never, format: 'jwk' })
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  }
});

/** A directory with the exported keys of one node. */
function directoryOf(keys: readonly { use: string; unit?: string; key: never }[]): Directory {
  const of = (use: string) => keys.filter((each) => each.use === use).map(({ key }) => key);
  const tls = of('tls')[0] as { ca?: string[]; spki: string[] } | undefined;
  return {
    schema: 'directory/v1',
    version: 1,
    issuedAt: '2026-11-01T00:00:00Z',
    expiresAt: '2027-11-01T00:00:00Z',
    trustDomain: 'test',
    governance: { threshold: 1, keys: of('governance').map((key) => Object.assign({ node: 'vn' }, key)) },
    nodes: [
      {
        id: 'vn',
        name: { en: 'Viet Nam', vi: 'Việt Nam' },
        endpoint: 'https://gateway.vn.example:8443',
        tls: { ca: tls?.ca ?? [makeAuthority('ca.vn').cert], spki: tls?.spki ?? [] },
        receiptKeys: of('receipt'),
        suites: ['hybrid', 'classic'],
        limits: { maxMessageBytes: 1_048_576, maxBatchMessages: 64, maxBatchBytes: 8_388_608 },
        calendar: 'vn',
        workingHours: { timezone: 'UTC', from: '08:00', to: '17:00' },
        contacts: [],
        units: [
          {
            id: UNIT,
            name: { en: 'Police', vi: 'Công an' },
            class: 'police',
            status: 'active',
            signingKeys: of('signing'),
            encryptionKeys: of('encryption'),
          },
        ],
      },
    ],
  };
}
