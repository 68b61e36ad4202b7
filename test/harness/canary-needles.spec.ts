import { newCanaries } from './canary';
import { Needles } from './canary-needles';

const SECRET = 'Đặng Thuý Ước qzhkjw';
const needles = new Needles({ name: SECRET });
const around = (bytes: Uint8Array) => Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]);

describe('needles', () => {
  const utf16 = Buffer.from(SECRET, 'utf16le');

  it.each<[string, Uint8Array]>([
    ['raw', Buffer.from(SECRET)],
    ['decomposed', Buffer.from(SECRET.normalize('NFD'))],
    ['UTF-16LE', utf16],
    ['UTF-16BE', Buffer.from(utf16).swap16()],
    ['hex', Buffer.from(Buffer.from(SECRET).toString('hex'))],
    ['HEX', Buffer.from(Buffer.from(SECRET).toString('hex').toUpperCase())],
    ['JSON', Buffer.from(JSON.stringify({ a: SECRET }))],
    ['URL', Buffer.from(`?q=${encodeURIComponent(SECRET)}`)],
    ['form', Buffer.from(new URLSearchParams({ q: SECRET }).toString())],
    ['JSON inside JSON', Buffer.from(JSON.stringify(JSON.stringify(SECRET)))],
  ])('find %s', (_form, bytes) => {
    expect(needles.find(around(bytes))).not.toEqual([]);
  });

  it.each(['base64', 'base64url'] as const)('find %s wherever the secret stands in the encoded text', (alphabet) => {
    for (let before = 0; before < 9; before += 1) {
      const text = `${'x'.repeat(before)}${SECRET}${'y'.repeat(before % 4)}`;
      expect(needles.find(around(Buffer.from(Buffer.from(text).toString(alphabet))))).not.toEqual([]);
    }
  });

  it('find a secret at the very start and end', () => {
    expect(needles.find(Buffer.from(SECRET))).toEqual(['name as NFC UTF-8']);
  });

  it('find nothing in a part, in noise or in nothing', () => {
    expect(needles.find(Buffer.from(SECRET.slice(0, -1)))).toEqual([]);
    expect(needles.find(Buffer.from('Đặng Thuý Ước'))).toEqual([]);
    expect(needles.find(Buffer.alloc(100_000, SECRET.slice(0, 3)))).toEqual([]);
    expect(needles.find(Buffer.alloc(0))).toEqual([]);
    expect(needles.find(Buffer.alloc(1))).toEqual([]);
  });

  it('are of canaries that differ from run to run', () => {
    const other = new Needles({ ...newCanaries() });
    for (const text of Object.values(newCanaries())) expect(other.find(Buffer.from(text))).toEqual([]);
  });
});
