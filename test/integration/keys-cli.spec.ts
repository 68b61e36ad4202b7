import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyMetadata } from '../../libs/keystore';
import { proposeDirectory } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import {
  DAY_MS,
  day,
  directoryOf,
  keysCli,
  keysJson,
  makeKeysPlace,
  UNIT,
  type KeysPlace,
  type Made,
} from './keys-cli-fixture';

/** `trao keys`, as an administrator uses it: what is made, listed and ended. */
const top = makeTempFolder('keys-cli');
afterAll(() => removeTempFolder(top));

let turn = 0;
let place: KeysPlace;
beforeEach(async () => {
  place = await makeKeysPlace(path.join(top, String((turn += 1))));
});

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
    const key = await place.generate(...args);
    expect(key).toMatchObject({ ...expected, where: 'file' });
    expect(key.fingerprint).toMatch(/^(\d{4} ){7}\d{4}$/);
    expect(JSON.stringify(key)).not.toMatch(/"(d|k|p|q|priv|public)":/);
  });

  it('keeps to the time that is asked for', async () => {
    const key = await place.generate(
      '--use',
      'receipt',
      '--not-before',
      '2027-01-01',
      '--not-after',
      '2027-02-01T12:00:00Z',
    );
    expect(key).toMatchObject({ notBefore: '2027-01-01T00:00:00.000Z', notAfter: '2027-02-01T12:00:00.000Z' });
  });

  it('prints the fingerprint for people, and the next command', async () => {
    const { stdout } = await keysCli('generate', ...place.options, '--use', 'receipt');
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
    expect((await keysCli('generate', ...place.options, ...args)).failure).toMatchObject({ code });
  });

  it('never takes the place of a key', async () => {
    await place.generate('--use', 'receipt', '--kid', 'r1');
    const { failure } = await keysCli('generate', ...place.options, '--use', 'receipt', '--kid', 'r1');
    expect(failure).toMatchObject({ code: 'key_exists' });
  });

  it('leaves files that only their owner reads', async () => {
    await place.generate('--use', 'receipt', '--kid', 'r1');
    expect(statSync(place.file('keys/receipt/r1.json')).mode & 0o777).toBe(0o600);
    for (const folder of ['keys', 'keys/receipt']) expect(statSync(place.file(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('what opens the keys', () => {
  it('may be a passphrase in a file', async () => {
    const words = ['--passphrase-file', place.fileWith('words', 'mật khẩu của đơn vị\n')];
    const folder = ['--keys', place.file('worded')];
    await keysJson('generate', ...folder, ...words, '--use', 'receipt');
    expect(await keysJson('list', ...folder, ...words)).toMatchObject({ ok: true, keys: [{ use: 'receipt' }] });
    const wrong = await keysCli('list', ...folder, '--passphrase-file', place.fileWith('wrong', 'something else'));
    expect(wrong.failure).toMatchObject({ code: 'key_locked' });
  });

  it.each<[string[], string]>([
    [[], 'config_invalid'],
    [['--key-file', 'KEY', '--passphrase-file', 'WORDS'], 'config_invalid'],
    [['--passphrase-file', 'NOWHERE'], 'key_unreadable'],
  ])('is said: %j', async (args, code) => {
    place.fileWith('WORDS', 'correct horse battery');
    mkdirSync(place.file('keys'), { mode: 0o700 });
    const places = args.map((arg) => (/^[A-Z]+$/.test(arg) ? place.file(arg === 'KEY' ? 'key' : arg) : arg));
    expect((await keysCli('list', '--keys', place.file('keys'), ...places)).failure).toMatchObject({ code });
  });

  it('is asked for before anything is made', async () => {
    const { failure } = await keysCli('generate', '--keys', place.file('new'), '--use', 'receipt');
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(readdirSync(place.file('.'))).toEqual(['key']);
  });

  it('needs a folder', async () => {
    expect((await keysCli('list', '--key-file', place.file('key'))).failure).toMatchObject({ code: 'config_invalid' });
    expect((await keysCli('list', ...place.options)).failure).toMatchObject({ code: 'key_folder_missing' });
  });
});

describe('rotate', () => {
  const rotate = async (...args: string[]) => (await keysJson<Made>('rotate', ...place.options, ...args)).keys;

  it('makes the encryption keys of the next twelve weeks, then those after them', async () => {
    await place.generate('--use', 'encryption', '--unit', UNIT);
    const first = await rotate('--unit', UNIT);
    const next = await rotate('--unit', UNIT, '--weeks', '3');
    const starts = [...first, ...next].map(({ notBefore }) => Date.parse(notBefore));
    expect(starts).toHaveLength(15);
    expect(starts.map((start) => new Date(start).getUTCDay())).toEqual(Array(15).fill(1));
    expect(starts.slice(1).map((start, at) => start - starts[at]!)).toEqual(Array(14).fill(7 * DAY_MS));
    expect(first.every(({ kind }) => kind === 'hybrid')).toBe(true);
  });

  it('makes no more than the directory takes', async () => {
    await place.generate('--use', 'encryption', '--unit', UNIT);
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kind', 'classic');
    await rotate('--unit', UNIT);
    const { failure } = await keysCli('rotate', ...place.options, '--unit', UNIT);
    expect(failure).toMatchObject({
      code: 'bad_request',
      detail: expect.stringContaining('--weeks 6 at most') as string,
    });
  });

  it('makes a successor of a signing key, of its kind, that begins when partners can know it', async () => {
    await place.generate('--use', 'signing', '--unit', UNIT, '--kind', 'Ed25519');
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
    mkdirSync(place.file('keys'), { mode: 0o700 });
    expect((await keysCli('rotate', ...place.options, ...args)).failure).toMatchObject({ code });
  });
});

describe('list', () => {
  it('tells the states of keys, and what ends soon', async () => {
    const at = (from: number, to: number) => ['--not-before', day(from), '--not-after', day(to)];
    await place.generate('--use', 'receipt', '--kid', 'ahead', ...at(5, 300));
    await place.generate('--use', 'receipt', '--kid', 'now', ...at(-5, 300));
    await place.generate('--use', 'receipt', '--kid', 'over', ...at(-5, -1));
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'grace', '--kind', 'classic', ...at(-5, -1));
    await place.generate('--use', 'tls', '--kid', 'soon', ...at(-5, 10));
    await place.generate('--use', 'governance', '--kid', 'gone');
    await (await place.keystore()).destroy('gone');
    const list = await keysJson<{ keys: { kid: string; state: string; daysLeft: number }[]; expiries: unknown[] }>(
      'list',
      ...place.options,
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
    const { stdout, exitCode } = await keysCli('list', ...place.options);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^KID +USE +UNIT/);
    expect(stdout).toContain('tls (held) ends in 9 days');
  });

  it('tells which keys of ours are in the directory and not here', async () => {
    await place.generate('--use', 'receipt', '--kid', 'r1');
    await place.generate('--use', 'governance', '--kid', 'g1');
    await place.generate('--use', 'tls', '--kid', 't1');
    await place.generate('--use', 'signing', '--unit', UNIT, '--kid', 's1');
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e2', '--kind', 'classic');
    const { keys } = await keysJson<{ keys: never[] }>('export-public', ...place.options);
    const published = ['--directory', place.fileWith('directory.json', await proposeDirectory(directoryOf(keys)))];
    await (await place.keystore()).destroy('e1');
    const { notHeld } = await keysJson<{ notHeld: unknown[] }>('list', ...place.options, ...published);
    expect(notHeld).toEqual([{ kid: 'e1', use: 'encryption', holder: UNIT }]);
    expect((await keysCli('list', ...place.options, ...published)).stdout).toContain(
      '! e1: encryption of vn.police is in the directory',
    );
  });

  it('names what cannot be read, and fails', async () => {
    await place.generate('--use', 'receipt', '--kid', 'r1');
    writeFileSync(place.file('keys/receipt/r1.json'), 'gone');
    const { stdout, exitCode } = await keysCli('list', ...place.options);
    expect({ exitCode, named: /r1\.json \(key_damaged\)/.test(stdout) }).toEqual({ exitCode: 1, named: true });
  });
});

describe('retire', () => {
  it('ends a key, writes the change for the directory, and destroys it when the grace is over', async () => {
    await place.generate('--use', 'signing', '--unit', UNIT, '--kid', 's1');
    await place.generate('--use', 'signing', '--unit', UNIT, '--kid', 's2');
    const change = place.file('change.json');
    const { key } = await keysJson<{ key: KeyMetadata }>('retire', 's1', ...place.options, '--out', change);
    expect(Math.round((Date.parse(key.destroyAfter!) - Date.now()) / DAY_MS)).toBe(14);
    expect(JSON.parse(readFileSync(change, 'utf8'))).toMatchObject({
      node: 'vn',
      keys: [{ use: 'signing', unit: UNIT, key: { kid: 's1', status: 'retired' } }],
    });
    const keystore = await place.keystore();
    expect(await keystore.signingKey(UNIT)).toMatchObject({ kid: 's2' });

    const { admin } = await place.folder();
    await admin.retire('s1', new Date(), new Date(Date.now() - 1));
    expect(await keysJson('retire', 's1', ...place.options)).toEqual({ ok: true, destroyed: 's1' });
    expect((await keystore.list()).map(({ kid }) => kid)).toEqual(['s2']);
  });

  it('refuses the last usable key of its use, of its unit and of its suite', async () => {
    await place.generate('--use', 'receipt', '--kid', 'r1');
    await place.generate('--use', 'receipt', '--kid', 'ahead', '--not-before', day(5));
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e1', '--kind', 'classic');
    await place.generate('--use', 'encryption', '--unit', UNIT, '--kid', 'e2', '--kind', 'hybrid');
    await place.generate('--use', 'encryption', '--unit', 'vn.social', '--kid', 'e3', '--kind', 'classic');
    for (const kid of ['r1', 'e1', 'e2'])
      expect((await keysCli('retire', kid, ...place.options)).failure).toMatchObject({ code: 'key_last' });
  });

  it.each<[string[], string]>([
    [['nothing'], 'key_missing'],
    [[`storage-${UNIT}`], 'bad_request'],
    [['r1', '--grace-days', 'many'], 'bad_request'],
  ])('refuses %j', async (args, code) => {
    await place.generate('--use', 'storage', '--unit', UNIT);
    for (const kid of ['r1', 'r2']) await place.generate('--use', 'receipt', '--kid', kid);
    expect((await keysCli('retire', ...args, ...place.options)).failure).toMatchObject({ code });
  });
});
