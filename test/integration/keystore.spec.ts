import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateKeyPair } from '../../libs/envelope';
import { openKeystore } from '../../libs/keystore';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { DAY_MS, makeTestFolder, span, type TestFolder } from './keystore-fixture';

/** The keys of a process as encrypted files. */
const top = makeTempFolder('keystore');
afterAll(() => removeTempFolder(top));

const UNIT = 'vn.police';
let turn = 0;
let keys: TestFolder;
beforeEach(async () => {
  keys = await makeTestFolder(path.join(top, String((turn += 1)), 'worker'));
});

const receipt = (kid?: string) => keys.admin.generate({ use: 'receipt', kid, ...span() }, 'ES256');
const signing = (kid?: string) => keys.admin.generate({ use: 'signing', unit: UNIT, kid, ...span() }, 'Ed25519');
const encryption = (kid?: string) => keys.admin.generate({ use: 'encryption', unit: UNIT, kid, ...span() }, 'classic');
const storage = () => keys.admin.generate({ use: 'storage', unit: UNIT, ...span() }, 'A256');

it('gives each key by its use', async () => {
  const made = [await receipt(), await signing(), await encryption(), await storage()];
  const keystore = await keys.open();
  expect(await keystore.receiptKey()).toMatchObject({ kid: made[0]!.kid, algorithm: 'ES256' });
  expect(await keystore.signingKey(UNIT)).toMatchObject({ kid: made[1]!.kid, algorithm: 'Ed25519' });
  expect(await keystore.decryptionKey(made[2]!.kid)).toMatchObject({ unit: UNIT, key: { kid: made[2]!.kid } });
  expect(await keystore.storageKey(UNIT)).toHaveLength(32);
});

it('gives the same storage key for ever', async () => {
  await storage();
  const [first, second] = [await keys.open(), await keys.open()];
  expect(await first.storageKey(UNIT)).toEqual(await second.storageKey(UNIT));
});

it('names what is missing', async () => {
  const keystore = await keys.open();
  const missing = { code: 'key_missing' };
  await expect(keystore.receiptKey()).rejects.toMatchObject({ ...missing, detail: 'receipt' });
  await expect(keystore.signingKey(UNIT)).rejects.toMatchObject({ ...missing, detail: `signing of ${UNIT}` });
  await expect(keystore.storageKey(UNIT)).rejects.toMatchObject(missing);
  expect(await keystore.decryptionKey('vn.police.enc1')).toBeUndefined();
});

it('finds keys that are brought later, without a restart', async () => {
  const keystore = await keys.open();
  await expect(keystore.receiptKey()).rejects.toMatchObject({ code: 'key_missing' });
  expect(await keystore.decryptionKey('later')).toBeUndefined();
  const { kid } = await receipt();
  await encryption('later');
  expect(await keystore.receiptKey()).toMatchObject({ kid });
  expect(await keystore.decryptionKey('later')).toBeDefined();
});

it('loads a key once', async () => {
  await receipt();
  const keystore = await keys.open();
  const [first, second] = await Promise.all([keystore.receiptKey(), keystore.receiptKey()]);
  expect(second).toBe(first);
  expect(await keystore.receiptKey()).toBe(first);
});

describe('which of several keys signs', () => {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);
  const between = (kid: string, from: number, to: number) =>
    keys.admin.generate({ use: 'signing', unit: UNIT, kid, notBefore: at(from), notAfter: at(to) }, 'ES256');

  beforeEach(async () => {
    await between('over', -20, -10);
    await between('old', -10, 10);
    await between('new', -5, 20);
    await between('ahead', 15, 40);
  });

  it('is the newest one in its time', async () => {
    const kidAt = async (days: number) => (await (await keys.open({ now: () => at(days) })).signingKey(UNIT)).kid;
    expect(await Promise.all([-15, -7, 0, 12, 18, 30].map(kidAt))).toEqual([
      'over',
      'old',
      'new',
      'new',
      'ahead',
      'ahead',
    ]);
  });

  it('is one that partners know', async () => {
    const keystore = await keys.open({ published: (kid, unit) => kid !== 'new' && unit === UNIT });
    expect(await keystore.signingKey(UNIT)).toMatchObject({ kid: 'old' });
  });

  it('is not one that was retired', async () => {
    await keys.admin.retire('new', new Date(), at(14));
    expect(await (await keys.open()).signingKey(UNIT)).toMatchObject({ kid: 'old' });
  });

  it('is said where there is none', async () => {
    await keys.admin.retire('old', new Date(), at(14));
    const keystore = await keys.open({ published: () => false });
    for (const why of [
      'over is for',
      'old was retired',
      'new is not in the directory',
      'ahead is for',
      'trao keys list',
    ])
      await expect(keystore.signingKey(UNIT)).rejects.toThrow(why);
    await expect(keystore.signingKey(UNIT)).rejects.toMatchObject({ code: 'key_unusable' });
  });
});

describe('a key id out of a message', () => {
  beforeEach(async () => {
    await receipt('r1');
    mkdirSync(path.join(keys.folder, '..', 'other'));
    await signing('s1');
    await encryption('k1');
    writeFileSync(path.join(keys.folder, '..', 'other', 'k2.json'), readFileSync(keys.fileOf('k1')), { mode: 0o600 });
  });

  const tricks = () => [
    'r1',
    's1',
    '../receipt/r1',
    '../../other/k2',
    '../encryption/k1',
    'x/../k1',
    './k1',
    '/k1',
    'k1.json',
    'K1',
    'k1\0',
    '',
    '.',
    '..',
    '__proto__',
    '%2e%2e/receipt/r1',
    path.join(keys.folder, 'encryption', 'k1'),
    'k'.repeat(100_000),
  ];

  it('selects among the decryption keys of the folder and nothing else', async () => {
    const keystore = await keys.open();
    for (const kid of tricks()) expect([kid, await keystore.decryptionKey(kid)]).toEqual([kid, undefined]);
    expect(await keystore.decryptionKey('k1')).toBeDefined();
  });

  it('selects nothing else once keys are in memory either', async () => {
    const keystore = await keys.open();
    await Promise.all([keystore.receiptKey(), keystore.signingKey(UNIT), keystore.decryptionKey('k1')]);
    for (const kid of tricks()) expect([kid, await keystore.decryptionKey(kid)]).toEqual([kid, undefined]);
  });
});

describe('what is known of the keys', () => {
  it('holds no secret, and every key once', async () => {
    const made = [await receipt(), await signing(), await encryption(), await storage()];
    const listed = await (await keys.open()).list();
    expect(listed.map(({ kid }) => kid).toSorted()).toEqual(made.map(({ kid }) => kid).toSorted());
    expect(listed).toContainEqual(made[2]);
    expect(listed.every(({ where, fingerprint }) => where === 'file' && /^(\d{4} ){7}\d{4}$/.test(fingerprint))).toBe(
      true,
    );
    expect(JSON.stringify(listed)).not.toMatch(/"(?:d|k|p|q|priv)":/);
  });

  it('says which cannot be read, and why', async () => {
    await receipt('r1');
    writeFileSync(keys.fileOf('r1'), 'gone');
    const keystore = await keys.open();
    expect(await keystore.list()).toEqual([]);
    expect(await keystore.faults()).toMatchObject([{ code: 'key_damaged' }]);
  });
});

describe('destroying a key', () => {
  it('takes it away from the disk and from memory, for all who have the folder open', async () => {
    await encryption('k1');
    const file = keys.fileOf('k1');
    const [keystore, other] = [await keys.open(), await keys.open()];
    await Promise.all([keystore.decryptionKey('k1'), other.decryptionKey('k1')]);
    writeFileSync(`${file}.0123456789ab.tmp`, readFileSync(file), { mode: 0o600 });

    await keystore.destroy('k1');

    expect(await keystore.decryptionKey('k1')).toBeUndefined();
    expect(() => readFileSync(file)).toThrow('ENOENT');
    expect(() => readFileSync(`${file}.0123456789ab.tmp`)).toThrow('ENOENT');
    expect(await other.list()).toEqual([]);
    expect(await other.decryptionKey('k1')).toBeUndefined();
    expect(await keys.admin.destroyed()).toMatchObject([{ kid: 'k1', use: 'encryption', unit: UNIT }]);
  });

  it('says so when there is no such key', async () => {
    await expect((await keys.open()).destroy('k1')).rejects.toMatchObject({ code: 'key_missing', detail: 'k1' });
  });
});

describe('a process that starts', () => {
  const everything = { receipt: true, signing: [UNIT], storage: [UNIT], decryption: ['k1'] };

  it('is ready when all its keys load', async () => {
    await receipt();
    await signing();
    await storage();
    await encryption('k1');
    await expect((await keys.open()).assertReady(everything)).resolves.toBeUndefined();
  });

  it('names all that is missing at once', async () => {
    const error = await refusal(everything);
    expect(error).toMatchObject({ code: 'key_missing' });
    for (const what of ['receipt', `signing of ${UNIT}`, `storage of ${UNIT}`, 'decryption key k1', keys.folder])
      expect(error.detail).toContain(what);
  });

  it('names faults of different kinds at once, and those of keys that it does not need yet', async () => {
    await encryption('k1');
    await encryption('k2');
    writeFileSync(keys.fileOf('k1'), 'gone');
    chmodSync(keys.fileOf('k2'), 0o640);
    const error = await refusal({ receipt: true, decryption: ['k1'] });
    expect(error).toMatchObject({ code: 'keys_unready' });
    for (const what of ['key_missing: receipt', 'key_damaged:', 'k1.json', 'key_exposed:', 'chmod 600', 'k2.json'])
      expect(error.detail).toContain(what);
  });

  const refusal = async (needs: Parameters<Awaited<ReturnType<TestFolder['open']>>['assertReady']>[0]) =>
    (await keys.open()).assertReady(needs).then(
      () => Promise.reject(new Error('it was ready')),
      (error: { code: string; detail: string }) => error,
    );
});

describe('bad input', () => {
  const open = (unlock: Parameters<typeof openKeystore>[0]['unlock'], folder = keys.folder) =>
    openKeystore({ folder, unlock });
  const fileWith = (name: string, content: string | Uint8Array, mode = 0o600) => {
    const file = path.join(keys.folder, '..', name);
    writeFileSync(file, content, { mode });
    return file;
  };

  it('is said: a folder that is missing, or is none', async () => {
    const nowhere = path.join(top, 'nowhere');
    const missing = { code: 'key_folder_missing' };
    await expect(open({ keyFile: keys.keyFile }, nowhere)).rejects.toMatchObject(missing);
    await expect(open({ keyFile: keys.keyFile }, keys.keyFile)).rejects.toMatchObject(missing);
  });

  it('is said: a file to unlock with that is missing, of another size, or empty', async () => {
    const unreadable = { code: 'key_unreadable' };
    await expect(open({ keyFile: path.join(top, 'nowhere') })).rejects.toMatchObject(unreadable);
    await expect(open({ keyFile: fileWith('short.key', 'too short') })).rejects.toMatchObject(unreadable);
    await expect(open({ passphraseFile: fileWith('empty', '\n') })).rejects.toMatchObject(unreadable);
    await expect(open({ keyFile: keys.folder })).rejects.toMatchObject(unreadable);
  });

  it('is said: another key file, or a passphrase where a key file is wanted', async () => {
    await receipt('r1');
    const other = await open({ keyFile: fileWith('other.key', Buffer.alloc(32, 1)) });
    await expect(other.assertReady({})).rejects.toMatchObject({ code: 'key_locked' });
    const worded = await open({ passphraseFile: fileWith('words', 'correct horse battery') });
    const refused = worded.assertReady({});
    await expect(refused).rejects.toMatchObject({ code: 'key_locked' });
    await expect(refused).rejects.toThrow('protected by a key file');
  });

  it.each([0o640, 0o604, 0o660, 0o777])('is said: files and folders that others reach, mode %o', async (mode) => {
    await receipt('r1');
    const exposed = (place: string) => ({ code: 'key_exposed', detail: expect.stringContaining(place) as string });
    chmodSync(keys.fileOf('r1'), mode);
    await expect((await keys.open()).assertReady({})).rejects.toMatchObject(exposed('chmod 600'));
    chmodSync(keys.fileOf('r1'), 0o600);
    for (const [place, command] of [
      [path.join(keys.folder, 'receipt'), 'chmod 700'],
      [keys.folder, 'chmod 700'],
      [keys.keyFile, 'chmod 600'],
    ] as const) {
      chmodSync(place, mode | 0o100);
      await expect(keys.open().then((keystore) => keystore.assertReady({}))).rejects.toMatchObject(
        exposed(`${command} ${place}`),
      );
      chmodSync(place, place === keys.keyFile ? 0o600 : 0o700);
    }
  });

  it('is said: a key that is not encrypted, as earlier versions wrote it', async () => {
    const { privateJwk } = await generateKeyPair('ES256');
    writeFileSync(path.join(keys.folder, 'receipt.json'), JSON.stringify({ kid: 'r1', jwk: privateJwk }), {
      mode: 0o600,
    });
    const refused = await (await keys.open()).assertReady({}).catch((error: unknown) => error as Error);
    expect(refused).toMatchObject({ code: 'key_plain', detail: expect.stringContaining('trao keys import') as string });
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain(String(privateJwk.d));
  });

  it('is said: a key of the wrong type', async () => {
    const wrong = [
      ['signing', 'hybrid'],
      ['receipt', 'PS256'],
      ['encryption', 'A256'],
    ] as const;
    for (const [use, kind] of wrong) {
      const purpose = { use, ...(use !== 'receipt' && { unit: UNIT }), ...span() };
      await expect(keys.admin.generate(purpose, kind)).rejects.toMatchObject({ code: 'bad_key' });
    }
    expect(await keys.admin.list()).toEqual([]);
  });

  it('is said: two files with one id, or a file under another name', async () => {
    await receipt('r1');
    await encryption('k1');
    writeFileSync(path.join(keys.folder, 'encryption', 'k2.json'), readFileSync(keys.fileOf('k1')), { mode: 0o600 });
    writeFileSync(path.join(keys.folder, 'encryption', 'r1.json'), readFileSync(keys.fileOf('r1')), { mode: 0o600 });
    const faults = await (await keys.open()).faults();
    expect(faults.map(({ code, detail }) => `${code} ${detail}`).toSorted()).toEqual([
      expect.stringMatching(/^key_damaged .*k2\.json is the file of another key/),
      expect.stringMatching(/^key_damaged .*r1\.json have one id/),
    ]);
  });

  it('does not stop a running process, which keeps the keys that it has when their folder is gone', async () => {
    const { kid } = await receipt();
    const keystore = await keys.open();
    await keystore.receiptKey();
    rmSync(keys.folder, { recursive: true });
    await keystore.faults();
    expect(await keystore.receiptKey()).toMatchObject({ kid });
    await expect(keys.open()).rejects.toMatchObject({ code: 'key_folder_missing' });
  });
});
