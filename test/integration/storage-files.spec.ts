import {
  discardDraft,
  listCaseFiles,
  listDraftFiles,
  readFile,
  receiveFile,
  saveDraft,
  type FileClaim,
} from '../../libs/casework';
import { noScanner } from '../../libs/scanner';
import { dropExpiredDrafts, dropOrphanedFiles } from '../../libs/storage';
import { answerDraft, exampleDraft, referralDraft } from '../fakes/documents';
import { pdf, pngOf, streamOf, textOf } from '../fakes/files';
import { submissionOf } from '../fakes/memory-office';
import { officer } from '../fakes/officers';
import { AUTHOR, RECIPIENT, SENDER, sendFiles } from '../fakes/sent-files';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { everyValue, ingestAll, storeIn } from './stored-node';

/** Files over real databases, each use case under the role of its process. */
const PDF: FileClaim = { name: 'Báo cáo.pdf', type: 'other', mime: 'application/pdf' };
const PNG: FileClaim = { name: 'b.png', type: 'identity_document', mime: 'image/png' };
const READER = officer(RECIPIENT, 'caseworker');
const BIG = 3_000_000;

let sender: NodeDatabase;
let recipient: NodeDatabase;
beforeAll(async () => {
  [sender, recipient] = [await startNodeDatabase('files_vn'), await startNodeDatabase('files_gb')];
});
afterAll(async () => {
  await sender?.remove();
  await recipient?.remove();
});
const TABLES = `outbox, inbox, receipt, work_batch, attempt, delivery_event, idempotency, unit_case, case_event, search_token, draft, alarm,
  attachment, attachment_piece, incoming_file, incoming_piece`;
beforeEach(async () => {
  for (const { owner } of [sender, recipient]) await owner.query(`TRUNCATE ${TABLES} CASCADE`);
});

async function contentOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function countries() {
  const both = await twoCountries(1, new Date().toISOString());
  storeIn(both.vn, sender);
  storeIn(both.gb, recipient);
  return both;
}

/** A referral with files that the partner has filed. */
async function announced(...files: readonly (readonly [FileClaim, Buffer])[]) {
  const sent = await sendFiles(await countries(), ...files);
  const [row] = await sender.owner.query<{ sealed: string }>('SELECT sealed FROM outbox');
  await sent.gb.accept([row!.sealed], 'vn');
  await ingestAll(sent.gb, recipient);
  await sender.owner.query(`UPDATE outbox SET state = 'received'`);
  return sent;
}

const statesOf = (database: NodeDatabase) =>
  database.owner.query<{ state: string; delivery: string }>(
    'SELECT state, delivery FROM attachment ORDER BY created_at',
  );
const count = async (database: NodeDatabase, table: string) => {
  const [row] = await database.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row!.n;
};

it('files go from a draft to the other country and come out as they were; nothing of them is readable on the way', async () => {
  const [first, second] = [textOf('the hidden story', BIG), pngOf(700)];
  const { vn, gb, ids } = await announced([{ ...PDF, description: 'secret words' }, first], [PNG, second]);
  while ((await vn.pushFiles()) > 0);
  expect(await count(recipient, 'incoming_piece')).toBe(7);
  for (const database of [sender, recipient]) {
    const values = [...(await everyValue(database)).values()].flat().join('\n');
    for (const needle of ['the hidden story', 'secret words', 'Báo cáo'])
      expect(values).not.toContain(Buffer.from(needle).toString('hex'));
    expect(values).not.toContain('hidden');
  }
  while ((await gb.judgeFiles()) > 0);
  expect(await statesOf(sender)).toEqual(['received', 'received'].map((delivery) => ({ state: 'clean', delivery })));
  expect(await statesOf(recipient)).toEqual(['none', 'none'].map((delivery) => ({ state: 'clean', delivery })));
  for (const [index, bytes] of [first, second].entries()) {
    const { content } = await readFile(READER, ids[index]!, gb.ports.caseFiles);
    expect((await contentOf(content)).equals(bytes)).toBe(true);
  }
  expect(await count(recipient, 'incoming_piece')).toBe(0);
  const [evidence] = await sender.owner.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM receipt r JOIN attachment a ON a.id = r.message_id AND a.sealed_digest = r.digest`,
  );
  expect(evidence).toEqual({ n: 2 });
  expect([...vn.alarms, ...gb.alarms]).toEqual([]);
});

it('a transfer goes on where it broke off, and a claim that nobody finished is due again', async () => {
  const { vn, gb } = await announced([PDF, pdf(BIG)]);
  const { put } = vn.ports.push.link;
  let pieces = 0;
  vn.ports.push.link.put = (partner, piece) => {
    pieces += 1;
    return pieces > 2 ? Promise.reject(new Error('the process dies here')) : put(partner, piece);
  };
  await expect(vn.pushFiles()).rejects.toThrow('dies here');
  const [half] = await recipient.owner.query<{ held: number; total: number }>('SELECT held, total FROM incoming_file');
  expect(half!.held).toBeGreaterThan(0);
  expect(half!.held).toBeLessThan(half!.total);
  vn.ports.push.link.put = put;
  expect(await vn.pushFiles()).toBe(0);
  await sender.owner.query('UPDATE attachment SET next_attempt_at = now()');
  while ((await vn.pushFiles()) > 0);
  while ((await gb.judgeFiles()) > 0);
  expect(await statesOf(recipient)).toEqual([{ state: 'clean', delivery: 'none' }]);
});

it('files of a message that never arrives are withheld, until it does', async () => {
  const { vn } = await announced([PDF, pdf(700)]);
  await sender.owner.query(`UPDATE outbox SET state = 'expired'`);
  expect(await vn.pushFiles()).toBe(0);
  expect(await statesOf(sender)).toEqual([{ state: 'clean', delivery: 'withheld' }]);
  await sender.owner.query(`UPDATE outbox SET state = 'received'`);
  expect(await vn.pushFiles()).toBe(1);
  expect(await statesOf(sender)).toEqual([{ state: 'clean', delivery: 'received' }]);
});

it('a file that is not what the message says is kept from everybody, and its bytes are dropped', async () => {
  const { vn, gb, ids } = await announced([PDF, pdf(BIG)]);
  while ((await vn.pushFiles()) > 0);
  await recipient.owner.query(
    `UPDATE incoming_piece SET sealed = set_byte(sealed, 99, (get_byte(sealed, 99) + 1) % 256)`,
  );
  while ((await gb.judgeFiles()) > 0);
  expect(await statesOf(recipient)).toEqual([{ state: 'damaged', delivery: 'none' }]);
  expect([await count(recipient, 'incoming_piece'), await count(recipient, 'attachment_piece')]).toEqual([0, 0]);
  expect(await recipient.owner.query('SELECT kind, subject FROM alarm')).toEqual([
    { kind: 'file_damaged', subject: ids[0] },
  ]);
});

it('a file waits in quarantine for the scanner, and what it then finds is dropped', async () => {
  const { vn, gb } = await announced([PDF, pdf(700)]);
  while ((await vn.pushFiles()) > 0);
  gb.scan = noScanner;
  await gb.judgeFiles();
  expect(await statesOf(recipient)).toEqual([{ state: 'quarantined', delivery: 'none' }]);
  expect(await count(recipient, 'attachment_piece')).toBe(1);
  gb.scan = () => Promise.resolve('infected');
  await recipient.owner.query('UPDATE attachment SET next_attempt_at = now()');
  await gb.judgeFiles();
  expect(await statesOf(recipient)).toEqual([{ state: 'infected', delivery: 'none' }]);
  expect(await count(recipient, 'attachment_piece')).toBe(0);
});

it('pieces that two requests bring at the same time are added once', async () => {
  const { gb } = await countries();
  const { store } = gb.ports.acceptPiece;
  const piece = { senderNode: 'vn', id: gb.newId(), start: 0, total: 20, sealed: Buffer.alloc(10) };
  const added = await Promise.all([store.append(piece), store.append(piece), store.append(piece)]);
  expect(added.filter(Boolean)).toHaveLength(1);
  expect(await store.incoming('vn', piece.id)).toEqual({ total: 20, held: 10 });
  expect(await store.load('vn')).toEqual({ files: 1, bytes: 20 });
  const receipts = await Promise.all([
    store.complete('vn', piece.id, 'd', 'one'),
    store.complete('vn', piece.id, 'd', 'two'),
  ]);
  expect(new Set(receipts).size).toBe(1);
});

describe('files end', () => {
  it('with the draft that they belong to', async () => {
    const { vn, clock } = await countries();
    const { ports } = vn;
    const drafted = async () => {
      const { id } = await saveDraft(AUTHOR, submissionOf(vn, referralDraft()), ports.draft);
      const { digest } = await receiveFile(AUTHOR, id, PDF, streamOf(pdf(700)), ports.files);
      return { unit: SENDER, id, digest: digest! };
    };
    const [discarded, expired] = [await drafted(), await drafted()];
    await discardDraft(AUTHOR, discarded, ports.draft);
    expect([await count(sender, 'attachment'), await count(sender, 'attachment_piece')]).toEqual([1, 1]);
    await sender.owner.query(`UPDATE draft SET expires_at = now() - interval '1 hour' WHERE id = $1`, [expired.id]);
    expect(await dropExpiredDrafts(sender.worker, clock.now())).toBe(1);
    expect([await count(sender, 'attachment'), await count(sender, 'attachment_piece')]).toEqual([0, 0]);
  });

  it('with the case that is erased', async () => {
    const { vn, gb, messageId } = await announced([PDF, pdf(700)]);
    while ((await vn.pushFiles()) > 0);
    while ((await gb.judgeFiles()) > 0);
    for (const type of ['ack', 'decline'] as const) await gb.send(answerDraft(type, messageId), RECIPIENT);
    await recipient.owner.query(`UPDATE outbox SET state = 'delivered'`);
    const header = { recipientUnit: SENDER, inReplyTo: messageId, purpose: 'VERIFY' };
    await gb.send(exampleDraft('erasure-confirm-protect-adult-recipient', header), RECIPIENT);
    expect([await count(recipient, 'attachment'), await count(recipient, 'attachment_piece')]).toEqual([0, 0]);
  });

  it('when no message asks for them in two weeks', async () => {
    const { gb, clock } = await countries();
    const { store } = gb.ports.acceptPiece;
    await store.append({ senderNode: 'vn', id: gb.newId(), start: 0, total: 20, sealed: Buffer.alloc(10) });
    expect(await dropOrphanedFiles(recipient.worker, clock.now())).toBe(0);
    await recipient.owner.query(`UPDATE incoming_file SET changed_at = now() - interval '15 days'`);
    expect(await dropOrphanedFiles(recipient.worker, clock.now())).toBe(1);
    expect(await count(recipient, 'incoming_piece')).toBe(0);
  });
});

it('another unit sees nothing of them, whatever it asks for', async () => {
  const { vn, ids } = await announced([PDF, pdf(700)]);
  const [{ referralId } = { referralId: '' }] = await sender.owner.query<{ referralId: string }>(
    'SELECT referral_id AS "referralId" FROM unit_case',
  );
  const stranger = officer('vn.mnd-border', 'caseworker');
  const { id: draftId } = await saveDraft(AUTHOR, submissionOf(vn, referralDraft()), vn.ports.draft);
  const notFound = { code: 'not_found' };
  await expect(readFile(stranger, ids[0]!, vn.ports.caseFiles)).rejects.toMatchObject(notFound);
  await expect(listCaseFiles(stranger, referralId, vn.ports.caseFiles)).rejects.toMatchObject(notFound);
  await expect(listDraftFiles(stranger, draftId, vn.ports.files)).rejects.toMatchObject(notFound);
  const seen = await sender.office.transaction(async (query) => {
    await query(`SELECT set_config('trao.unit', 'vn.mnd-border', true)`);
    return [...(await query('SELECT 1 FROM attachment')), ...(await query('SELECT 1 FROM attachment_piece'))];
  });
  expect(seen).toEqual([]);
});
