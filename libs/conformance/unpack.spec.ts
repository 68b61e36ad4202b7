import { gzipSync } from 'node:zlib';
import { archiveOf, headerOf, packed } from './fixtures/archive';
import { unpack } from './unpack';

const LARGE = { bytes: 1_000_000, files: 100 };
const opened = async (bytes: Buffer, budget = LARGE, path = 'a.tgz') =>
  (await unpack({ path, bytes }, { ...budget })).map((file) => [file.path, file.bytes.toString()]);

describe('a file of vectors', () => {
  it('is itself when it is not packed', async () => {
    expect(await opened(Buffer.from('{}'), LARGE, 'a.json')).toEqual([['a.json', '{}']]);
    expect(await opened(Buffer.alloc(0), LARGE, 'empty')).toEqual([['empty', '']]);
  });

  it('is unpacked', async () => {
    expect(await opened(gzipSync('{}'), LARGE, 'a.json.gz')).toEqual([['a.json', '{}']]);
  });

  it('gives all the files of an archive, packed or not, with their folders', async () => {
    const files = { 'x/a.json': '{"a":1}', './b.txt': 'b'.repeat(700), empty: '' };
    const found = [
      ['a.tgz/x/a.json', '{"a":1}'],
      ['a.tgz/b.txt', 'b'.repeat(700)],
      ['a.tgz/empty', ''],
    ];
    expect(await opened(packed(files))).toEqual(found);
    expect(await opened(archiveOf(files))).toEqual(found);
  });

  it('gives what is in archives in archives', async () => {
    const inner = packed({ 'c.json.gz': gzipSync('[]') });
    expect(await opened(packed({ 'b.tar.gz': inner }))).toEqual([['a.tgz/b.tar/c.json', '[]']]);
  });

  it('leaves out links, which lead nowhere here', async () => {
    const archive = Buffer.concat([headerOf('passwd', 0, 'SymbolicLink', '/etc/passwd'), archiveOf({ a: 'a' })]);
    expect(await opened(archive)).toEqual([['a.tgz/a', 'a']]);
  });
});

describe('a hostile or damaged file', () => {
  it.each(['../a.json', 'x/../../a.json', '/etc/passwd', 'C:\\a.json', '..\\a.json', '\\\\host\\a'])(
    'is refused as a whole for a name that leads outside: %s',
    async (name) => {
      await expect(opened(packed({ good: 'x', [name]: 'x' }))).rejects.toMatchObject({ code: 'vectors_unsafe' });
    },
  );

  it.each([
    ['gzip', gzipSync(Buffer.alloc(2_000_000))],
    ['an archive', packed({ a: Buffer.alloc(600_000), b: Buffer.alloc(600_000) })],
    ['gzip in gzip', gzipSync(gzipSync(Buffer.alloc(2_000_000)))],
    [
      'many archives in one',
      packed({ a: packed({ a: Buffer.alloc(500_000) }), b: packed({ a: Buffer.alloc(500_000) }) }),
    ],
  ])('is refused when it unpacks to more than is allowed: %s', async (_, bytes) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('is refused when it holds too many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`f${at}`, '']));
    await expect(opened(packed(files), { ...LARGE, files: 3 })).rejects.toMatchObject({ code: 'too_large' });
    expect(await opened(packed(files), { ...LARGE, files: 4 })).toHaveLength(4);
  });

  it('is refused when archives are nested without end', async () => {
    let bytes = gzipSync('x');
    for (let depth = 0; depth < 6; depth += 1) bytes = gzipSync(bytes);
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'vectors_unreadable' });
  });

  const archive = archiveOf({ a: 'a'.repeat(2_000) });
  const whole = gzipSync(archive);
  it.each([
    ['gzip that is cut off', whole.subarray(0, whole.length - 20)],
    ['gzip with a changed byte', whole.with(20, whole[20]! ^ 0xff)],
    ['an archive that is cut off in a file', archive.subarray(0, 1_500)],
    ['an archive with a wrong checksum', Buffer.from(archive.with(0, archive[0]! ^ 1))],
  ])('is refused: %s', async (_, bytes) => {
    await expect(opened(Buffer.from(bytes))).rejects.toMatchObject({ code: 'vectors_unreadable' });
  });
});
