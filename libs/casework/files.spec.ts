import { createHash, randomBytes } from 'node:crypto';
import { referralDraft } from '../../test/fakes/documents';
import { pdf, pngOf, streamOf, textOf } from '../../test/fakes/files';
import { submissionOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { CHUNK_BYTES } from '../attachments';
import { TraoError } from '../errors';
import { changeDraft, discardDraft, readDraft, saveDraft } from './drafting';
import type { FileClaim } from './file-claim';
import { describeFile, listDraftFiles, removeFile } from './files-of-draft';
import { readFile } from './read-files';
import { appendFile, beginFile, receiveFile, uploadProgress } from './receive-file';

const UNIT = 'vn.mps-criminal';
const AUTHOR = officer(UNIT, 'caseworker');
const STRANGER = officer('vn.mnd-border', 'caseworker');
const PDF: FileClaim = { name: 'Báo cáo.pdf', type: 'other', mime: 'application/pdf' };
const PNG: FileClaim = { name: 'scan.png', type: 'identity_document', mime: 'image/png' };

async function drafted(document = referralDraft()) {
  const countries = await twoCountries();
  const { vn } = countries;
  const ports = vn.ports.files;
  const saved = await saveDraft(AUTHOR, submissionOf(vn, document), vn.ports.draft);
  const receive = (claim: FileClaim, ...pieces: readonly Uint8Array[]) =>
    receiveFile(AUTHOR, saved.id, claim, streamOf(...pieces), ports);
  const read = () => readDraft(AUTHOR, saved.id, vn.ports.draft);
  const list = () => listDraftFiles(AUTHOR, saved.id, ports);
  return { ...countries, ports, draftId: saved.id, saved, receive, read, list };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error as TraoError).code,
  );

const contentOf = async (source: AsyncIterable<Uint8Array>) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
};

describe('a file that is uploaded', () => {
  it.each([
    ['shorter than a chunk', 1_000],
    ['of exactly one chunk', CHUNK_BYTES],
    ['of one byte more', CHUNK_BYTES + 1],
    ['of several chunks', 3 * CHUNK_BYTES + 17],
  ])('%s comes back as it was', async (_what, size) => {
    const { receive, list, vn } = await drafted();
    const bytes = pdf(size);
    const { id, offset, complete } = await receive(PDF, bytes.subarray(0, 700), bytes.subarray(700));
    expect([offset, complete]).toEqual([size, true]);
    const sha256 = createHash('sha256').update(bytes).digest('base64url');
    const shown = { id, ...PDF, bytes: size, offset: size, sha256, use: 'send', state: 'clean', delivery: 'none' };
    expect(await list()).toEqual([expect.objectContaining(shown)]);
    const file = await readFile(AUTHOR, id, vn.ports.caseFiles);
    expect(file).toMatchObject({ name: PDF.name, mime: PDF.mime, bytes: size, sha256 });
    expect((await contentOf(file.content)).equals(bytes)).toBe(true);
  });

  it('is stored without a readable byte of it, of its name and of its key', async () => {
    const { receive, vn } = await drafted();
    await receive({ ...PDF, description: 'secret words' }, textOf('the hidden story', CHUNK_BYTES + 9));
    const stored = [...vn.tables.files.values()].map(({ file }) => file);
    const bytes = [...vn.tables.pieces.values(), ...stored.flatMap((row) => [row.facts, row.wrappedKey])];
    expect(bytes).toHaveLength(4);
    // Words of a dozen letters: a megabyte of ciphertext holds any three letters now and then.
    for (const each of bytes)
      expect(Buffer.from(each).toString('latin1')).not.toMatch(/hidden story|application|secret words/);
  });

  it('goes on where it broke off, whatever the stretches were', async () => {
    const { draftId, ports, vn } = await drafted();
    const bytes = pngOf(2 * CHUNK_BYTES + 5);
    const { id } = await beginFile(AUTHOR, draftId, { ...PNG, bytes: bytes.length }, ports);
    const at = (offset: number, to: number, ...more: readonly unknown[]) =>
      appendFile(AUTHOR, { draftId, id, offset }, streamOf(bytes.subarray(offset, to), ...more), ports);
    expect(await codeOf(at(0, 0, new Error('the line broke')))).toBe('file_interrupted');
    expect(await at(0, 3)).toEqual({ id, offset: 3, complete: false });
    expect(await codeOf(at(3, 20, new Error('the line broke')))).toBe('file_interrupted');
    expect(await uploadProgress(AUTHOR, draftId, id, ports)).toEqual({ id, offset: 20, complete: false });
    expect(await codeOf(at(3, 40))).toBe('file_offset');
    expect(await codeOf(at(20, CHUNK_BYTES + 77, new Error('the line broke')))).toBe('file_interrupted');
    expect([...vn.tables.pieces.keys()]).toHaveLength(1);
    const tail = Buffer.from([...vn.tables.files.values()][0]!.file.tail!);
    expect(tail.includes(bytes.subarray(CHUNK_BYTES, CHUNK_BYTES + 30))).toBe(false);
    expect(await at(CHUNK_BYTES + 77, bytes.length)).toMatchObject({ offset: bytes.length, complete: true });
    expect(await codeOf(at(bytes.length, bytes.length))).toBe('file_complete');
    const { content } = await readFile(AUTHOR, id, vn.ports.caseFiles);
    expect((await contentOf(content)).equals(bytes)).toBe(true);
  });

  it('is looked through once more when the process died after its last byte', async () => {
    const { draftId, ports, vn } = await drafted();
    const bytes = pngOf(100);
    const { id } = await beginFile(AUTHOR, draftId, { ...PNG, bytes: 100 }, ports);
    const { scan } = vn;
    vn.scan = () => Promise.reject(new TraoError('database_unavailable'));
    const append = (offset: number) =>
      appendFile(AUTHOR, { draftId, id, offset }, streamOf(bytes.subarray(offset)), ports);
    expect(await codeOf(append(0))).toBe('database_unavailable');
    vn.scan = scan;
    expect(await append(100)).toMatchObject({ offset: 100, complete: true });
  });

  it('of two uploads at the same time keeps one', async () => {
    const { draftId, ports } = await drafted();
    const bytes = pngOf(300);
    const { id } = await beginFile(AUTHOR, draftId, { ...PNG, bytes: 300 }, ports);
    const append = () => appendFile(AUTHOR, { draftId, id, offset: 0 }, streamOf(bytes), ports);
    const codes = await Promise.all([codeOf(append()), codeOf(append())]);
    expect(codes.toSorted()).toEqual(['file_offset', 'nothing']);
  });

  it('may be removed or finished elsewhere while its bytes come', async () => {
    const { draftId, ports, vn } = await drafted();
    const begun = () => beginFile(AUTHOR, draftId, { ...PNG, bytes: 100 }, ports);
    const first = await begun();
    async function* removing() {
      yield pngOf(100);
      await removeFile(AUTHOR, { draftId, id: first.id }, ports);
    }
    const into = (id: string, source: AsyncIterable<Uint8Array>) =>
      codeOf(appendFile(AUTHOR, { draftId, id, offset: 0 }, source, ports));
    expect(await into(first.id, removing())).toBe('not_found');
    const { scan } = vn;
    const second = await begun();
    vn.scan = async (content) => {
      await removeFile(AUTHOR, { draftId, id: second.id }, ports);
      return scan(content);
    };
    expect(await into(second.id, streamOf(pngOf(100)))).not.toBe('nothing');
    const third = await begun();
    vn.scan = async (content) => {
      const verdict = await scan(content);
      vn.scan = scan;
      await removeFile(AUTHOR, { draftId, id: third.id }, ports);
      return verdict;
    };
    expect(await into(third.id, streamOf(pngOf(100)))).toBe('not_found');
    const fourth = await begun();
    vn.scan = async (content) => {
      const verdict = await scan(content);
      vn.scan = scan;
      await appendFile(AUTHOR, { draftId, id: fourth.id, offset: 100 }, streamOf(), ports);
      return verdict;
    };
    expect(await into(fourth.id, streamOf(pngOf(100)))).toBe('file_complete');
  });
});

describe('a file that cannot be taken', () => {
  it.each<[string, FileClaim, Uint8Array, string]>([
    ['of another type than it says', PDF, pngOf(50), 'file_type'],
    ['too short to be of any type', PDF, Buffer.from('%P'), 'file_type'],
    ['without a byte', PDF, Buffer.alloc(0), 'file_empty'],
    ['larger than allowed', PDF, pdf(10 * 1024 * 1024 + 1), 'file_too_big'],
    ['with a password', PDF, textOf('trailer << /Encrypt 5 0 R >>', 400), 'file_encrypted'],
    ['with a name of another type', { ...PDF, name: 'x.exe' }, pdf(50), 'file_type'],
    ['without a name', { ...PDF, name: '' }, pdf(50), 'bad_request'],
    ['with a name that turns its direction', { ...PDF, name: 'x\u202efdp.pdf' }, pdf(50), 'bad_request'],
    ['with a name without end', { ...PDF, name: `${'x'.repeat(300)}.pdf` }, pdf(50), 'bad_request'],
    ['of no type', { ...PDF, type: 'secret' as never }, pdf(50), 'bad_request'],
    ['of no media type', { ...PDF, mime: 'text/html' as never }, pdf(50), 'bad_request'],
    ['in no language', { ...PDF, language: 'Vietnamese!' }, pdf(50), 'bad_request'],
    ['with no page', { ...PDF, pages: 0 }, pdf(50), 'bad_request'],
    ['with half a page', { ...PDF, pages: 1.5 }, pdf(50), 'bad_request'],
    ['with too many pages', { ...PDF, pages: 501 }, pdf(50), 'bad_request'],
    ['with a description without end', { ...PDF, description: 'x'.repeat(501) }, pdf(50), 'bad_request'],
    ['that says it is empty', { ...PDF, bytes: 0 }, pdf(50), 'file_empty'],
    ['that says it is too large', { ...PDF, bytes: 10 * 1024 * 1024 + 1 }, pdf(50), 'file_too_big'],
    ['longer than it says', { ...PDF, bytes: 49 }, pdf(50), 'bad_request'],
  ])('%s leaves nothing behind', async (_what, claim, bytes, code) => {
    const { receive, vn } = await drafted();
    expect(await codeOf(receive(claim, bytes))).toBe(code);
    expect([vn.tables.files.size, vn.tables.pieces.size]).toEqual([0, 0]);
  });

  it('in which the scanner finds something leaves nothing behind', async () => {
    const { receive, vn } = await drafted();
    vn.scan = () => Promise.resolve('infected');
    expect(await codeOf(receive(PDF, pdf(50)))).toBe('file_infected');
    expect([vn.tables.files.size, vn.tables.pieces.size]).toEqual([0, 0]);
  });

  it('is the eleventh; papers that stay here are counted by themselves', async () => {
    const { receive, draftId, ports } = await drafted();
    for (let i = 0; i < 10; i += 1) await receive(PDF, pdf(20));
    expect(await codeOf(receive(PDF, pdf(20)))).toBe('file_too_many');
    expect(await codeOf(beginFile(AUTHOR, draftId, { ...PDF, keep: true }, ports))).toBe('nothing');
  });

  it('is one of somebody else, or of nobody', async () => {
    const { draftId, ports, vn } = await drafted();
    const { id } = await beginFile(AUTHOR, draftId, PNG, ports);
    const other = await saveDraft(AUTHOR, submissionOf(vn, referralDraft()), vn.ports.draft);
    const append = (actor: typeof AUTHOR, ref: { draftId: string; id: string }) =>
      codeOf(appendFile(actor, { ...ref, offset: 0 }, streamOf(pngOf(20)), ports));
    expect(await append(STRANGER, { draftId, id })).toBe('not_found');
    expect(await append(AUTHOR, { draftId: other.id, id })).toBe('not_found');
    expect(await append(officer(UNIT, 'dpo'), { draftId, id })).toBe('forbidden');
    expect(await codeOf(uploadProgress(AUTHOR, other.id, id, ports))).toBe('not_found');
    expect(await codeOf(uploadProgress(STRANGER, draftId, id, ports))).toBe('not_found');
    expect(await codeOf(removeFile(AUTHOR, { draftId: other.id, id }, ports))).toBe('not_found');
    expect(await codeOf(listDraftFiles(STRANGER, draftId, ports))).toBe('not_found');
    expect(await codeOf(readFile(STRANGER, id, vn.ports.caseFiles))).toBe('not_found');
    expect(await codeOf(readFile(AUTHOR, id, vn.ports.caseFiles))).toBe('file_interrupted');
  });
});

describe('the files of a draft', () => {
  it('are part of what is approved: adding, describing, removing one voids approvals', async () => {
    const { receive, read, draftId, ports, saved, vn } = await drafted();
    const digests = [saved.digest];
    const { id, digest } = await receive(PDF, pdf(50));
    digests.push(digest!);
    expect((await read()).digest).toBe(digest);
    const describe1 = { type: 'assessment_report', language: 'vi', pages: 3, description: 'ours' } as const;
    digests.push((await describeFile(AUTHOR, { draftId, id }, describe1, ports)).digest);
    expect((await read()).files).toEqual([
      expect.objectContaining({ id, type: 'assessment_report', language: 'vi', pages: 3 }),
    ]);
    await receive(PNG, pngOf(50));
    digests.push((await read()).digest);
    digests.push((await describeFile(AUTHOR, { draftId, id }, { type: 'other' }, ports)).digest);
    const [plain] = (await read()).files!;
    expect(plain).not.toHaveProperty('language');
    expect(await codeOf(describeFile(AUTHOR, { draftId, id }, { type: 'other', pages: 0 }, ports))).toBe('bad_request');
    const { digest: less } = await removeFile(AUTHOR, { draftId, id }, ports);
    digests.push(less);
    expect(new Set(digests).size).toBe(digests.length);
    const { document, record, override } = await read();
    const changed = await changeDraft(
      AUTHOR,
      { unit: UNIT, id: draftId, digest: less },
      { document, record, override },
      vn.ports.draft,
    );
    expect(changed.digest).toBe(less);
    expect((await read()).files).toHaveLength(1);
  });

  it('are described before they are complete, too', async () => {
    const { draftId, ports, saved, list, read } = await drafted();
    const { id } = await beginFile(AUTHOR, draftId, { ...PNG, bytes: 50, language: 'en' }, ports);
    const { digest } = await describeFile(AUTHOR, { draftId, id }, { type: 'photo', language: 'vi' }, ports);
    expect(digest).toBe(saved.digest);
    await appendFile(AUTHOR, { draftId, id, offset: 0 }, streamOf(pngOf(50)), ports);
    expect(await list()).toEqual([expect.objectContaining({ type: 'photo', language: 'vi' })]);
    expect((await read()).files).toEqual([expect.objectContaining({ type: 'photo', language: 'vi' })]);
  });

  it('are gone with it', async () => {
    const { receive, draftId, vn } = await drafted();
    const { digest } = await receive(PDF, pdf(50));
    await discardDraft(AUTHOR, { unit: UNIT, id: draftId, digest: digest! }, vn.ports.draft);
    expect(vn.tables.files.size).toBe(0);
  });

  it('show one whose row was changed as what it is', async () => {
    const { receive, list, vn } = await drafted();
    await receive(PDF, pdf(50));
    const [key, row] = [...vn.tables.files.entries()][0]!;
    vn.tables.files.set(key, { ...row, file: { ...row.file, facts: randomBytes(80) } });
    expect(await list()).toEqual([expect.objectContaining({ state: 'unreadable' })]);
  });
});
