import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFile } from './check-document';

const EXAMPLES = join(__dirname, '..', '..', 'schemas', 'referral', 'v1', 'examples');
const filesOf = (kind: string) =>
  readdirSync(join(EXAMPLES, kind))
    .filter((file) => file !== 'expected.json')
    .map((file) => [file, join(EXAMPLES, kind, file)] as const);
const EXPECTED = JSON.parse(readFileSync(join(EXAMPLES, 'invalid', 'expected.json'), 'utf8')) as Record<
  string,
  { readonly code: string; readonly pointer: string }
>;

describe('checkFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trao-check-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function fileWith(change: (document: Record<string, Record<string, unknown>>) => void): string {
    const document = JSON.parse(readFileSync(join(EXAMPLES, 'valid', 'referral-protect-adult.json'), 'utf8')) as never;
    change(document);
    const file = join(folder, 'changed.json');
    writeFileSync(file, JSON.stringify(document));
    return file;
  }

  it.each(filesOf('valid'))('finds nothing in %s', async (_name, file) => {
    expect(await checkFile(file, 'en')).toEqual({ file, valid: true, errors: [] });
  });

  it.each(filesOf('invalid'))('names the place in %s', async (name, file) => {
    const { valid, errors } = await checkFile(file, 'en');
    expect(valid).toBe(false);
    expect(errors.map(({ path }) => path)).toContain(EXPECTED[name]!.pointer);
    for (const { code, message } of errors) {
      expect(code).toMatch(/^[a-z0-9_]+$/);
      expect(message).not.toBe('');
    }
  });

  it('applies the rules of protection to a referral', async () => {
    const file = fileWith((document) => {
      document['consent']!['scopes'] = ['share_with_services'];
    });
    const { valid, errors } = await checkFile(file, 'en');
    expect(valid).toBe(false);
    expect(errors.map(({ code }) => code)).toContain('scope_missing');
    expect(errors.map(({ path }) => path)).toContain('/exploitation/narrative');
  });

  it('explains in Vietnamese', async () => {
    const file = fileWith((document) => delete document['handling']);
    expect((await checkFile(file, 'vi')).errors).toEqual([
      { code: 'required', path: '/handling', message: 'là bắt buộc' },
    ]);
  });

  it('says so when a file cannot be read', async () => {
    const file = join(folder, 'nowhere.json');
    expect(await checkFile(file, 'en')).toEqual({
      file,
      valid: false,
      errors: [{ code: 'bad_request', path: '', message: expect.stringContaining('nowhere.json cannot be read') }],
    });
  });
});
