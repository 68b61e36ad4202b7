import { referralDraft } from '../../test/fakes/documents';
import { pdf, streamOf } from '../../test/fakes/files';
import { handInOf, submissionOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import { CHUNK_BYTES } from '../attachments';
import { TraoError } from '../errors';
import type { Referral } from '../schema';
import { approveDraft, readDraft, saveDraft } from './drafting';
import { exportCase, forwardCase } from './forward-case';
import type { FileClaim } from './file-claim';
import { listDraftFiles } from './files-of-draft';
import { readMessage } from './read-cases';
import { listCaseFiles, readFile } from './read-files';
import { beginFile, receiveFile } from './receive-file';
import { send } from './send';

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

describe('a message with files', () => {
  async function sent(keep = false) {
    const context = await drafted();
    const { vn, draftId, receive } = context;
    const bytes = pdf(CHUNK_BYTES + 99);
    const { id } = await receive({ ...PDF, pages: 2, keep }, bytes);
    await beginFile(AUTHOR, draftId, PNG, context.ports);
    const submission = await context.read();
    const approver = officer(UNIT, 'liaison_officer');
    await approveDraft(
      approver,
      { unit: UNIT, id: draftId, digest: submission.digest },
      { role: 'liaison_officer', kind: 'approve' },
      vn.ports.draft,
    );
    const { messageId } = await send(
      { unit: UNIT, actor: AUTHOR, handIn: { draftId }, clientId: 'c', idempotencyKey: 'key-12345678' },
      vn.ports.send,
    );
    const [event] = [...vn.tables.events.values()];
    return { ...context, id, bytes, messageId, referralId: event!.referralId };
  }

  it('names exactly the complete files of the draft, and takes them into the case', async () => {
    const { id, messageId, referralId, vn, gb } = await sentAndFiled();
    const rows = [...vn.tables.files.values()].map(({ file }) => file);
    expect(rows).toEqual([expect.objectContaining({ id, referralId, messageId, delivery: 'waiting' })]);
    expect(rows[0]).not.toHaveProperty('draftId');
    const [received] = [...gb.tables.files.values()].map(({ file }) => file);
    expect(received).toMatchObject({
      id,
      unit: 'gb.ho-sca',
      referralId,
      messageId,
      senderNode: 'vn',
      state: 'awaiting',
      use: 'received',
    });
  });

  async function sentAndFiled(keep = false) {
    const context = await sent(keep);
    await context.vn.work();
    await context.gb.work();
    return context;
  }

  it('shows nobody what opens them', async () => {
    const { id, messageId, referralId, vn, gb } = await sentAndFiled();
    const shown = (await readMessage(officer('gb.ho-sca', 'caseworker'), messageId, gb.ports.read)) as Referral;
    expect(shown.attachments).toEqual([expect.objectContaining({ type: 'other', mime: 'application/pdf', pages: 2 })]);
    const exported = await exportCase(AUTHOR, referralId, 'case_file', vn.ports.forward);
    for (const text of [JSON.stringify(shown), JSON.stringify(exported)]) expect(text).not.toContain('transfer');
    const files = await listCaseFiles(AUTHOR, referralId, vn.ports.caseFiles);
    expect(files).toEqual([expect.objectContaining({ id, name: PDF.name, delivery: 'waiting' })]);
    expect(JSON.stringify(files)).not.toMatch(/key|chunkBytes/);
  });

  it('keeps a paper that stays here', async () => {
    const { id, referralId, messageId, vn, gb } = await sentAndFiled(true);
    expect(await listCaseFiles(AUTHOR, referralId, vn.ports.caseFiles)).toEqual([
      expect.objectContaining({ id, use: 'keep', delivery: 'none' }),
    ]);
    expect(gb.tables.files.size).toBe(0);
    const shown = (await readMessage(AUTHOR, messageId, vn.ports.read)) as Referral;
    expect(shown).not.toHaveProperty('attachments');
  });

  it('gives no file to a forwarded draft', async () => {
    const { referralId, vn } = await sentAndFiled();
    const to = {
      referralId,
      recipientUnit: 'gb.ho-sca',
      authorRole: 'caseworker',
      approverRole: 'liaison_officer',
    } as const;
    const forwarded = await forwardCase(AUTHOR, to, vn.ports.forward);
    const draft = await readDraft(AUTHOR, forwarded.id, vn.ports.draft);
    expect(JSON.stringify(draft)).not.toContain('transfer');
  });

  it('opens only files of a case that may be read', async () => {
    const { id, referralId, vn, gb } = await sentAndFiled();
    const reader = officer('gb.ho-sca', 'caseworker');
    expect(await codeOf(readFile(reader, id, gb.ports.caseFiles))).toBe('file_waiting');
    expect(await codeOf(listCaseFiles(STRANGER, referralId, vn.ports.caseFiles))).toBe('not_found');
    const [key, stored] = [...vn.tables.cases.entries()][0]!;
    vn.tables.cases.set(key, { ...stored, wrappedKey: new Uint8Array() });
    expect(await codeOf(readFile(AUTHOR, id, vn.ports.caseFiles))).toBe('case_erased');
    vn.tables.cases.delete(key);
    expect(await codeOf(listCaseFiles(AUTHOR, referralId, vn.ports.caseFiles))).toBe('not_found');
  });

  it.each(['infected', 'damaged'] as const)('is not sealed with a file that is %s', async (state) => {
    const { receive, read, vn } = await drafted();
    await receive(PDF, pdf(50));
    const [key, row] = [...vn.tables.files.entries()][0]!;
    vn.tables.files.set(key, { ...row, file: { ...row.file, state } });
    const { faults } = await read();
    expect(faults).toContainEqual(expect.objectContaining({ pointer: '/attachments/0', code: 'file_not_complete' }));
  });

  it('may be sealed while a file waits for the scanner', async () => {
    const { receive, read, list, vn } = await drafted();
    vn.scan = () => Promise.reject(new TraoError('scanner_unavailable'));
    const { id } = await receive(PDF, pdf(50));
    expect(await list()).toEqual([expect.objectContaining({ state: 'quarantined' })]);
    expect(await codeOf(readFile(AUTHOR, id, vn.ports.caseFiles))).toBe('file_quarantined');
    expect((await read()).faults.map(({ code }) => code)).toEqual(['approval_missing']);
  });

  it('is never sealed with a transfer that an author wrote', async () => {
    const transfer = {
      fileId: '01a1c0a0-91d8-7f7c-8fa6-31639aae99ac',
      key: 'A'.repeat(43),
      bytes: 5,
      chunkBytes: 65_536,
    };
    const attachment = { type: 'other', sha256: 'A'.repeat(43), mime: 'application/pdf' };
    const papers = { ...referralDraft(), attachments: [attachment, null, { ...attachment, transfer }] };
    const { read } = await drafted(papers);
    expect((await read()).faults).toEqual([
      expect.objectContaining({ pointer: '/attachments/2/transfer', code: 'assigned_by_node' }),
    ]);
    const { vn } = await drafted();
    await expect(
      vn.send({ ...referralDraft(), attachments: [{ ...attachment, transfer }] }, UNIT, {
        handIn: { document: papers },
      }),
    ).rejects.toMatchObject({ code: 'schema_invalid' });
    expect(await handInOf(vn, { ...referralDraft(), attachments: [attachment] }, UNIT)).toHaveProperty('draftId');
  });
});
