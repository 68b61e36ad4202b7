import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkVectors } from './check';
import { packed } from './fixtures/archive';
import { LIMITS } from './vector-file';
import { checked, counted, withFolder, wycheproof } from './fixtures/folder';

const mac = (result: string) => ({ key: '00', msg: '', tag: '00'.repeat(32), result });
const file = (...labels: readonly string[]) =>
  wycheproof('HMACSHA256', { type: 'MacTest', keySize: 8, tagSize: 256 }, labels.map(mac));
const summary = async (files: Parameters<typeof checked>[0]) =>
  (await checked(files)).map((suite) => [suite.name, counted(suite)]);

describe('a folder of vectors', () => {
  it('gives a suite for each file, wherever it lies, whatever it is called and however it is packed', async () => {
    const suites = await checked({
      'deep/er/hmac_test.json': file('invalid'),
      'b.gz': gzipSync(JSON.stringify(file('invalid', 'invalid'))),
      'c.bin': packed({ 'x/renamed': JSON.stringify(file('valid')) }),
    });
    expect(suites.map(({ name, source, ...suite }) => [name, source, counted({ name, source, ...suite })])).toEqual([
      ['wycheproof b', 'b', { cases: 2, passed: 2 }],
      ['wycheproof renamed', 'c.bin/x/renamed', { cases: 1, wronglyRejected: 1 }],
      ['wycheproof hmac', 'deep/er/hmac_test.json', { cases: 1, passed: 1 }],
    ]);
  });

  it('tells suites of one name apart', async () => {
    const names = (await checked({ 'a/x.json': file('invalid'), 'b/x.json': file('invalid') })).map(({ name }) => name);
    expect(names).toEqual(['wycheproof x (a/x.json)', 'wycheproof x (b/x.json)']);
  });

  it('is run to its end whatever is wrong with one file, and each such file is counted', async () => {
    const files = {
      'a.json': file('invalid'),
      'bomb.gz': gzipSync(Buffer.alloc(2_000_000)),
      'cut.json': '{"testGroups": [',
      'cut.tgz': packed({ a: 'a'.repeat(5_000) }).subarray(0, 60),
      'evil.tgz': packed({ '../../a.json': '{}' }),
      'readme.md': '# Read me',
      'z.json': file('invalid'),
    };
    const suites = await checked(files, { ...LIMITS, maxUnpackedBytes: 1_000_000 });
    expect(suites.map((suite) => [suite.name, counted(suite)])).toEqual([
      ['wycheproof a', { cases: 1, passed: 1 }],
      ['wycheproof z', { cases: 1, passed: 1 }],
      ['not readable', { cases: 4, unreadable: 4 }],
      ['not recognised', { cases: 1, notRun: 1 }],
    ]);
    expect(suites[2]!.wrong.map(({ id, why }) => [id, why.split(':')[0]])).toEqual([
      ['bomb.gz', 'too_large'],
      ['cut.tgz', 'vectors_unreadable'],
      ['evil.tgz', 'vectors_unsafe'],
      ['cut.json', 'malformed_json'],
    ]);
    expect(suites[3]!.reasons).toEqual({ 'readme.md (vectors_unknown)': 1 });
  });

  it('counts a file that a runner cannot make sense of, and goes on', async () => {
    const odd = { algorithm: 'HMACSHA256', testGroups: [{ type: 'MacTest', tests: [{ tcId: { toString: 1 } }] }] };
    expect(await summary({ 'a.json': odd, 'b.json': file('invalid') })).toEqual([
      ['wycheproof b', { cases: 1, passed: 1 }],
      ['not readable', { cases: 1, unreadable: 1 }],
    ]);
  });

  it('does not follow links out of it', async () => {
    await withFolder({ 'outside/a.json': file('invalid'), 'inside/b.json': file('invalid') }, async (folder) => {
      symlinkSync(path.join(folder, 'outside'), path.join(folder, 'inside', 'link'));
      symlinkSync(path.join(folder, 'outside', 'a.json'), path.join(folder, 'inside', 'link.json'));
      const { suites } = await checkVectors(path.join(folder, 'inside'));
      expect(suites.map(({ name }) => name)).toEqual(['wycheproof b']);
    });
  });

  it('is refused with a stable code when it is not there, is no folder, or holds nothing known', async () => {
    await withFolder({ 'a.txt': 'nothing', 'b/package.json': '{}' }, async (folder) => {
      mkdirSync(path.join(folder, 'empty'));
      await expect(checkVectors(path.join(folder, 'gone'))).rejects.toMatchObject({ code: 'not_found' });
      await expect(checkVectors(path.join(folder, 'a.txt'))).rejects.toMatchObject({ code: 'bad_request' });
      await expect(checkVectors(path.join(folder, 'empty'))).rejects.toMatchObject({ code: 'vectors_missing' });
      await expect(checkVectors(folder)).rejects.toMatchObject({ code: 'vectors_missing' });
    });
  });

  it('is refused when it holds more files than a folder of vectors does', async () => {
    await withFolder({ a: 'a', b: 'b', c: 'c' }, async (folder) => {
      const limits = { ...LIMITS, maxFiles: 2 };
      await expect(checkVectors(folder, limits)).rejects.toMatchObject({ code: 'bad_request' });
    });
  });

  it('counts a file that is too large, or that nobody may read', async () => {
    await withFolder({ 'a.json': file('invalid'), 'b.json': 'x'.repeat(5_000) }, async (folder) => {
      const { suites } = await checkVectors(folder, { ...LIMITS, maxFileBytes: 4_000 });
      expect(suites.at(-1)).toMatchObject({ name: 'not readable', unreadable: 1 });
      expect(suites.at(-1)!.wrong[0]).toMatchObject({ id: 'b.json', why: expect.stringMatching(/^too_large:/) });
    });
  });

  it('counts the files with which a folder holds more than is allowed', async () => {
    const files = { 'a.json': file('invalid'), 'b.gz': gzipSync('x'.repeat(5_000)), 'c.json': file('invalid') };
    const suites = await checked(files, { ...LIMITS, maxFolderBytes: 4_000 });
    expect(suites.map((suite) => [suite.name, counted(suite)])).toEqual([
      ['wycheproof a', { cases: 1, passed: 1 }],
      ['wycheproof c', { cases: 1, passed: 1 }],
      ['not readable', { cases: 1, unreadable: 1 }],
    ]);
  });

  it('cannot be read where its owner forbids it', async () => {
    await withFolder({ 'a.json': file('invalid'), 'b.json': '{}' }, async (folder) => {
      chmodSync(path.join(folder, 'b.json'), 0);
      const { suites } = await checkVectors(folder);
      // The super-user may read everything.
      const counts = process.getuid?.() === 0 ? { cases: 1, notRun: 1 } : { cases: 1, unreadable: 1 };
      expect(counted(suites.at(-1)!)).toEqual(counts);
    });
  });

  it('has a suite even for a file without cases', async () => {
    expect(await summary({ 'a.json': { testGroups: [] } })).toEqual([['wycheproof a', {}]]);
  });
});
