import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateKeyPair } from '../../libs/envelope';
import { FileKeystore, type KeyFile } from '../../libs/keystore';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

/** The keys of a process as files. */
const top = makeTempFolder('keystore');
afterAll(() => removeTempFolder(top));

let folder: string;
let turn = 0;
let keystore: FileKeystore;
beforeEach(() => {
  folder = path.join(top, String((turn += 1)), 'worker');
  for (const place of ['signing', 'encryption', 'storage']) mkdirSync(path.join(folder, place), { recursive: true });
  keystore = new FileKeystore(folder);
});

async function keyFile(
  kid: string,
  kind: Parameters<typeof generateKeyPair>[0],
  more: Partial<KeyFile> = {},
): Promise<KeyFile> {
  return { kid, jwk: (await generateKeyPair(kind)).privateJwk, ...more };
}
const put = (name: string, content: unknown) =>
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const encryptionKey = (kid: string, unit = 'vn.police') => keyFile(kid, 'classic', { unit });

it('reads each key from its place', async () => {
  put('receipt.json', await keyFile('vn.rcpt1', 'Ed25519'));
  put('signing/vn.police.json', await keyFile('vn.police.sig1', 'ES256'));
  put('encryption/vn.police.enc1.json', await encryptionKey('vn.police.enc1'));
  put('storage/vn.police.json', { kid: 's', jwk: { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') } });
  expect(await keystore.receiptKey()).toMatchObject({ kid: 'vn.rcpt1' });
  expect(await keystore.signingKey('vn.police')).toMatchObject({ kid: 'vn.police.sig1' });
  expect(await keystore.decryptionKey('vn.police.enc1')).toMatchObject({
    unit: 'vn.police',
    key: { kid: 'vn.police.enc1' },
  });
  expect(Buffer.from(await keystore.storageKey('vn.police'))).toEqual(Buffer.alloc(32, 7));
});

it('names the file of a key that is missing, and nothing of its content', async () => {
  const missing = { code: 'key_missing' };
  await expect(keystore.receiptKey()).rejects.toMatchObject({ ...missing, detail: 'receipt.json' });
  await expect(keystore.signingKey('vn.police')).rejects.toMatchObject(missing);
  await expect(keystore.storageKey('vn.police')).rejects.toMatchObject(missing);
  put('receipt.json', '{"kid":"vn.rcpt1","jwk":{"d":"canary');
  const error = await keystore.receiptKey().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(missing);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
});

it('finds a key that is brought later', async () => {
  await expect(keystore.receiptKey()).rejects.toMatchObject({ code: 'key_missing' });
  expect(await keystore.decryptionKey('vn.police.enc1')).toBeUndefined();
  put('receipt.json', await keyFile('vn.rcpt1', 'Ed25519'));
  put('encryption/vn.police.enc1.json', await encryptionKey('vn.police.enc1'));
  expect(await keystore.receiptKey()).toMatchObject({ kid: 'vn.rcpt1' });
  expect(await keystore.decryptionKey('vn.police.enc1')).toBeDefined();
});

it('reads a key once', async () => {
  put('receipt.json', await keyFile('vn.rcpt1', 'Ed25519'));
  const [first, second] = await Promise.all([keystore.receiptKey(), keystore.receiptKey()]);
  put('receipt.json', 'gone');
  expect(second).toBe(first);
  expect(await keystore.receiptKey()).toBe(first);
});

it('holds no decryption key where there is no folder of them, as in the gateway', async () => {
  expect(await new FileKeystore(path.join(top, 'nowhere')).decryptionKey('vn.police.enc1')).toBeUndefined();
});

it('refuses a decryption key that names no unit', async () => {
  put('encryption/k.json', await keyFile('k', 'classic'));
  await expect(keystore.decryptionKey('k')).rejects.toMatchObject({ code: 'key_missing', detail: 'k names no unit' });
});

describe('a key id out of a message', () => {
  beforeEach(async () => {
    put('receipt.json', await keyFile('vn.rcpt1', 'Ed25519'));
    put('signing/vn.police.json', await keyFile('vn.police.sig1', 'ES256'));
    put('encryption/k1.json', await encryptionKey('k1'));
    mkdirSync(path.join(folder, '..', 'other'), { recursive: true });
    put('../other/k2.json', await encryptionKey('k2'));
  });

  const tricks = () => [
    '../receipt',
    '../signing/vn.police',
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
    '%2e%2e/receipt',
    path.join(folder, 'encryption', 'k1'),
    'k'.repeat(100_000),
  ];

  it('selects among the names in the folder and nothing else', async () => {
    for (const kid of tricks()) expect(await keystore.decryptionKey(kid)).toBeUndefined();
    expect(await keystore.decryptionKey('k1')).toBeDefined();
  });

  it('selects nothing else once keys are in memory either', async () => {
    await Promise.all([keystore.receiptKey(), keystore.signingKey('vn.police'), keystore.decryptionKey('k1')]);
    for (const kid of tricks()) expect([kid, await keystore.decryptionKey(kid)]).toEqual([kid, undefined]);
  });
});
