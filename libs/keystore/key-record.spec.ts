import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { readRecord, sealRecord, unsealRecord, type KeyRecord } from './key-record';
import type { Derivation, FolderKey } from './unlock';

const RECORD: KeyRecord = {
  kid: 'vn.police.enc1',
  use: 'encryption',
  unit: 'vn.police',
  kind: 'classic',
  notBefore: '2026-11-01T00:00:00.000Z',
  notAfter: '2026-11-15T00:00:00.000Z',
  public: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
};
const KEY: FolderKey = { id: 'folder', key: randomBytes(32) };
const DERIVATION: Derivation = { name: 'key-file' };
const SECRET = randomBytes(150);

const write = (record = RECORD, secret: Uint8Array = SECRET) =>
  Buffer.from(sealRecord(record, secret, DERIVATION, KEY));
const open = (bytes: Uint8Array) => unsealRecord(readRecord(bytes, 'file'), KEY);
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'opened';
};

describe('a key file', () => {
  it('opens with what was written', () => {
    expect(open(write())).toEqual(SECRET);
    expect(readRecord(write(), 'file').record).toEqual(RECORD);
  });

  it('never shows its secret', () => {
    const text = write().toString();
    for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const)
      expect(text).not.toContain(SECRET.toString(form).slice(0, 40));
  });

  it('is different each time', () => {
    expect(readRecord(write(), 'a').sealed).not.toEqual(readRecord(write(), 'b').sealed);
  });

  it('never opens with one bit of it flipped, whichever', () => {
    const file = write();
    const opened = [];
    for (let at = 0; at < file.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = Buffer.from(file);
        damaged[at]! ^= 1 << bit;
        const result = code(() => open(damaged));
        if (result !== 'key_damaged' && result !== 'key_locked') opened.push([at, bit, result]);
      }
    }
    expect(opened).toEqual([]);
  });

  it('never opens cut short or longer, wherever', () => {
    const file = write();
    const lengths = Array.from({ length: file.length }, (_, length) => length);
    expect(lengths.filter((length) => code(() => open(file.subarray(0, length))) !== 'key_damaged')).toEqual([]);
    for (const more of ['\n', ' ', '\0', '{}']) {
      expect(code(() => open(Buffer.concat([file, Buffer.from(more)])))).toBe('key_damaged');
      expect(code(() => open(Buffer.concat([Buffer.from(more), file])))).toBe('key_damaged');
    }
  });

  it('never opens after any edit', () => {
    const file = write();
    const edit = fc.record({
      at: fc.nat(file.length - 1),
      drop: fc.nat(60),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.string().map((text) => Buffer.from(text)),
      ),
    });
    const neverOpens = fc.property(edit, ({ at, drop, put }) => {
      const edited = Buffer.concat([file.subarray(0, at), put, file.subarray(at + drop)]);
      expect(edited.equals(file) || code(() => open(edited)) !== 'opened').toBe(true);
    });
    fc.assert(neverOpens, { numRuns: 2_000 });
  });

  it.each<Partial<KeyRecord>>([
    { kid: 'vn.police.enc2' },
    { unit: 'vn.social' },
    { notAfter: '2036-11-15T00:00:00.000Z' },
    { retiredAt: '2026-11-02T00:00:00.000Z' },
    { pkcs11: { module: '/tmp/evil.so', token: 't', label: 'l' } },
  ])('cannot pass for one with %j', (change) => {
    const { protection, sealed } = readRecord(write(), 'file');
    expect(code(() => unsealRecord({ record: { ...RECORD, ...change }, protection, sealed }, KEY))).toBe('key_damaged');
  });

  it('cannot have the secret of another in it', () => {
    const [mine, other] = [readRecord(write(), 'a'), readRecord(write({ ...RECORD, kid: 'other' }), 'b')];
    expect(code(() => unsealRecord({ ...mine, sealed: other.sealed, protection: other.protection }, KEY))).toBe(
      'key_damaged',
    );
  });

  it('does not open with another key, and says that it is locked where the key is known to be another', () => {
    const sealed = readRecord(write(), 'file');
    expect(code(() => unsealRecord(sealed, { id: 'other', key: KEY.key }))).toBe('key_locked');
    expect(code(() => unsealRecord(sealed, { id: KEY.id, key: randomBytes(32) }))).toBe('key_damaged');
  });

  it('proves with the tag alone that nobody changed the record of a key on a token', () => {
    const record: KeyRecord = {
      ...RECORD,
      use: 'signing',
      kind: 'ES256',
      pkcs11: { module: '/m', token: 't', label: 'l' },
    };
    const file = write(record, new Uint8Array());
    expect(open(file)).toHaveLength(0);
    expect(code(() => open(Buffer.from(file.toString().replace('"/m"', '"/n"'))))).toBe('key_damaged');
  });
});

describe('what is no key file', () => {
  const plain = (change: object) => Buffer.from(`${JSON.stringify(change, undefined, 2)}\n`);

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no JSON', Buffer.from('-----BEGIN')],
    ['a list', plain([])],
    ['a number', plain(3 as never)],
    ['another format', Buffer.from(write().toString().replace('trao-key/1', 'trao-key/2'))],
    ['too large', Buffer.alloc(70_000, ' ')],
  ])('is damaged: %s', (_what, bytes) => {
    expect(code(() => readRecord(bytes, 'file'))).toBe('key_damaged');
  });

  it('is said to be plain when it is a private key as JSON', () => {
    expect(code(() => readRecord(plain({ kid: 'a', jwk: { kty: 'EC' } }), 'file'))).toBe('key_plain');
  });

  it.each<[string, object]>([
    ['a weak derivation', { name: 'scrypt', n: 1024, r: 8, p: 1, salt: 'AAAA' }],
    ['one that would exhaust the machine', { name: 'scrypt', n: 2 ** 30, r: 8, p: 1, salt: 'AAAA' }],
    ['one of another shape', { name: 'scrypt', n: 131_072, r: 1, p: 1, salt: 'AAAA' }],
    ['an unknown one', { name: 'md5' }],
  ])('names %s', (_what, derivation) => {
    const file = sealRecord(RECORD, SECRET, derivation as Derivation, KEY);
    expect(code(() => readRecord(Buffer.from(file), 'file'))).toBe('key_damaged');
  });

  it.each<[string, object]>([
    ['no id', { kid: '' }],
    ['an id that is a path', { kid: '../a' }],
    ['an unknown use', { use: 'fun' }],
    ['an unknown kind', { kind: 'HS256' }],
    ['a unit that is a path', { unit: '../vn.police' }],
    ['no time', { notAfter: 'later' }],
    ['a day that there is not', { notAfter: '2026-13-01T00:00:00Z' }],
    ['no public key', { public: undefined }],
    ['a place on no token', { pkcs11: { module: '/m' } }],
  ])('has %s', (_what, change) => {
    const file = sealRecord({ ...RECORD, ...change }, SECRET, DERIVATION, KEY);
    expect(code(() => readRecord(Buffer.from(file), 'file'))).toBe('key_damaged');
  });

  it('has a key of another kind than its use takes', () => {
    const file = sealRecord({ ...RECORD, kind: 'Ed25519' }, SECRET, DERIVATION, KEY);
    expect(code(() => readRecord(Buffer.from(file), 'file'))).toBe('bad_key');
  });
});
