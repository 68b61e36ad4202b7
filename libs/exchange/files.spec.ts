import { referralDraft } from '../../test/fakes/documents';
import { pdf, pngOf } from '../../test/fakes/files';
import { officer } from '../../test/fakes/officers';
import { AUTHOR, RECIPIENT, SENDER, sentFiles } from '../../test/fakes/sent-files';
import { twoCountries } from '../../test/fakes/two-countries';
import { CHUNK_BYTES, SEAL_BYTES } from '../attachments';
import { listCaseFiles, readFile, type FileClaim } from '../casework';
import { digestOf, readReceipt } from '../envelope';
import { TraoError, type Code } from '../errors';
import { acceptPiece, incomingFile } from './accept-piece';
import { RetryAfterError } from './circuit';

const PDF: FileClaim = { name: 'a.pdf', type: 'other', mime: 'application/pdf' };
const PNG: FileClaim = { name: 'b.png', type: 'identity_document', mime: 'image/png' };
const READER = officer(RECIPIENT, 'caseworker');
const BIG = 9 * CHUNK_BYTES + 3;

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error as TraoError).code,
  );

async function contentOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

type Sent = Awaited<ReturnType<typeof sentFiles>>;

/** Files of a referral that the partner has filed; none of their bytes has gone yet. */
async function announced(...files: readonly (readonly [FileClaim, Buffer])[]) {
  const sent = await sentFiles(...files);
  await sent.vn.work();
  await sent.gb.work();
  return sent;
}

const statesOf = async ({ gb }: Sent) => [...gb.tables.files.values()].map(({ file }) => file.state);
const deliveriesOf = ({ vn }: Sent) => [...vn.tables.files.values()].map(({ file }) => file.delivery);

async function pushed(sent: Sent) {
  while ((await sent.vn.pushFiles()) > 0);
}
async function judged(sent: Sent) {
  while ((await sent.gb.judgeFiles()) > 0);
}

describe('files of a referral', () => {
  it('follow their message, and arrive as they were', async () => {
    const [first, second] = [pdf(BIG), pngOf(300)];
    const sent = await announced([PDF, first], [PNG, second]);
    const { vn, gb, ids } = sent;
    await pushed(sent);
    expect(await statesOf(sent)).toEqual(['awaiting', 'awaiting']);
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['clean', 'clean']);
    expect(deliveriesOf(sent)).toEqual(['received', 'received']);
    for (const [index, bytes] of [first, second].entries()) {
      const file = await readFile(READER, ids[index]!, gb.ports.caseFiles);
      expect((await contentOf(file.content)).equals(bytes)).toBe(true);
    }
    const { name } = await readFile(READER, ids[0]!, gb.ports.caseFiles);
    expect(name).toBe(`other-${ids[0]!.slice(-6)}.pdf`);
    const [shown] = [...gb.tables.cases.values()];
    const listed = await listCaseFiles(READER, shown!.referralId, gb.ports.caseFiles);
    expect(listed.map(({ use, state }) => `${use} ${state}`)).toEqual(['received clean', 'received clean']);
    expect(listed[0]).not.toHaveProperty('name');
    expect([vn.alarms, gb.alarms]).toEqual([[], []]);
  });

  it('are proven by a signed receipt of their sealed bytes', async () => {
    const sent = await announced([PDF, pdf(900)]);
    await pushed(sent);
    const { vn, ids, world } = sent;
    const found = [...vn.tables.receipts.values()].find(({ receipt }) => receipt.messageId === ids[0]);
    const receipt = await readReceipt(found!.receipt.token, (node, kid, at) =>
      world.partners.receiptKey(node, kid, at),
    );
    const [row] = [...vn.tables.files.values()];
    expect(receipt).toMatchObject({ issuer: 'gb', audience: 'vn', event: 'received', digest: row!.file.sealedDigest });
  });

  it('never go before their message, and not at all when it does not arrive', async () => {
    const sent = await sentFiles([PDF, pdf(900)]);
    const { vn, gb, messageId } = sent;
    expect(await vn.pushFiles()).toBe(0);
    expect(gb.tables.incoming.size).toBe(0);
    vn.tables.outbox.set(messageId, { ...vn.tables.outbox.get(messageId)!, state: 'expired' });
    expect(await vn.pushFiles()).toBe(0);
    expect(deliveriesOf(sent)).toEqual(['withheld']);
    // Evidence may come late.
    vn.tables.outbox.set(messageId, { ...vn.tables.outbox.get(messageId)!, state: 'received' });
    await pushed(sent);
    expect(deliveriesOf(sent)).toEqual(['received']);
  });

  it('wait while the circuit of the partner is open', async () => {
    const sent = await announced([PDF, pdf(900)]);
    const { vn, clock } = sent;
    vn.tables.circuits.set('gb', { failures: 1, retryAt: clock.now() });
    expect(await vn.pushFiles()).toBe(0);
    expect(deliveriesOf(sent)).toEqual(['waiting']);
  });

  it('go on where they broke off, and slow nothing but themselves', async () => {
    const sent = await announced([PDF, pdf(BIG)]);
    const { vn, gb, link, clock, ids } = sent;
    expect(await vn.pushFiles()).toBe(1);
    const { held } = [...gb.tables.incoming.values()][0]!;
    expect(held).toBe(8 * (CHUNK_BYTES + SEAL_BYTES));
    link.fault = 'lost';
    expect(await vn.pushFiles()).toBe(0);
    expect(vn.tables.circuits.size).toBe(0);
    link.fault = 'none';
    expect(await vn.pushFiles()).toBe(0);
    clock.advance(60_000);
    await pushed(sent);
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['clean']);
    expect(await codeOf(readFile(READER, ids[0]!, gb.ports.caseFiles))).toBe('nothing');
  });

  it('get their receipt when only the answer to the last piece was lost', async () => {
    const sent = await announced([PDF, pdf(2 * CHUNK_BYTES)]);
    const { vn, gb, ids } = sent;
    const { store } = gb.ports.acceptPiece;
    const { complete } = store;
    store.complete = () => Promise.reject(new TraoError('database_unavailable'));
    expect(await vn.pushFiles()).toBe(0);
    store.complete = complete;
    const { held, receipt, total } = await incomingFile('vn', ids[0]!, gb.ports.acceptPiece);
    expect([held, receipt]).toEqual([total, undefined]);
    sent.clock.advance(60_000);
    await pushed(sent);
    expect(deliveriesOf(sent)).toEqual(['received']);
  });

  it('raise an alarm when they do not get on, once', async () => {
    const sent = await announced([PDF, pdf(900)]);
    const { vn, link, clock, ids } = sent;
    link.fault = 'down';
    for (let i = 0; i < 25; i += 1) {
      await vn.pushFiles();
      clock.advance(20 * 60_000);
    }
    expect(vn.alarms).toEqual([{ kind: 'file_stuck', subject: ids[0], code: 'partner_unreachable' }]);
  });

  it('wait as long as the partner asks for', async () => {
    const sent = await announced([PDF, pdf(900)]);
    const { vn, clock } = sent;
    vn.ports.push.link.put = () => Promise.reject(new RetryAfterError('partner_busy', 300_000));
    await vn.pushFiles();
    expect([...vn.tables.files.values()][0]!.dueAt).toEqual(new Date(clock.now().getTime() + 300_000));
  });

  it('stop for a fault of this machine', async () => {
    const { vn } = await announced([PDF, pdf(900)]);
    vn.ports.push.store.piece = () => Promise.reject(new TraoError('database_unavailable'));
    expect(await codeOf(vn.pushFiles())).toBe('database_unavailable');
  });
});

describe('a partner that answers wrongly about a file', () => {
  const total = 900 + SEAL_BYTES;

  it.each([
    ['has bytes where none of our pieces begins', { held: { total, held: 7 } }],
    ['goes back', { put: { total, held: 0 } }],
    ['signs nothing', { held: { total, held: total, receipt: 'none' } }],
    ['never signs', { held: { total, held: total }, put: { total, held: 5 } }],
  ])(
    '%s: the file is tried again',
    async (_what, answers: Record<string, { total: number; held: number; receipt?: string }>) => {
      const sent = await announced([PDF, pdf(900)]);
      const { link } = sent.vn.ports.push;
      if (answers['held']) link.held = () => Promise.resolve(answers['held']);
      if (answers['put']) link.put = () => Promise.resolve(answers['put']!);
      expect(await sent.vn.pushFiles()).toBe(0);
      expect(deliveriesOf(sent)).toEqual(['waiting']);
    },
  );

  it('signs for other bytes, or for another file', async () => {
    const sent = await announced([PDF, pdf(900)], [PNG, pngOf(900)]);
    const { vn, gb, ids } = sent;
    const { link } = vn.ports.push;
    const { put } = link;
    await pushed({ ...sent });
    const of = async (id: string) => (await incomingFile('vn', id, gb.ports.acceptPiece)).receipt!;
    const foreign = await of(ids[1]!);
    const [key, row] = [...vn.tables.files.entries()][0]!;
    vn.tables.files.set(key, { ...row, dueAt: new Date(0), file: { ...row.file, delivery: 'waiting' } });
    link.held = () => Promise.resolve({ total, held: total, receipt: foreign });
    expect(await vn.pushFiles()).toBe(0);
    link.held = async () => ({ total, held: total, receipt: await of(ids[0]!) });
    vn.tables.files.set(key, {
      ...row,
      dueAt: new Date(0),
      file: { ...row.file, delivery: 'waiting', sealedDigest: digestOf('x') },
    });
    expect(await vn.pushFiles()).toBe(0);
    expect(put).toBeDefined();
  });
});

describe('a gateway that takes in pieces', () => {
  const ID = '01a1c0a0-91d8-7f7c-8fa6-31639aae99ac';
  const bytes = (length: number, fill = 1) => Buffer.alloc(length, fill);

  async function gateway() {
    const { gb } = await twoCountries();
    const put = (start: number, total: number, sealed: Uint8Array, senderNode = 'vn', id = ID) =>
      acceptPiece({ senderNode, id, start, total, sealed }, gb.ports.acceptPiece);
    return { gb, put };
  }

  it('keeps each behind the one before, and signs for the whole', async () => {
    const { gb, put } = await gateway();
    expect(await put(0, 30, bytes(10))).toEqual({ total: 30, held: 10 });
    expect(await put(10, 30, bytes(15, 2))).toEqual({ total: 30, held: 25 });
    const { receipt, held } = await put(25, 30, bytes(5, 3));
    expect(held).toBe(30);
    const { payload } = {
      payload: JSON.parse(Buffer.from(receipt!.split('.')[1]!, 'base64url').toString()) as { txn: string },
    };
    expect(payload.txn).toBe(ID);
    expect(JSON.stringify(payload)).toContain(digestOf(Buffer.concat([bytes(10), bytes(15, 2), bytes(5, 3)])));
    expect(await put(25, 30, bytes(5, 3))).toMatchObject({ receipt });
    expect(await incomingFile('vn', ID, gb.ports.acceptPiece)).toEqual({ total: 30, held: 30, receipt });
  });

  it('takes the same bytes again, and keeps other ones off with an alarm', async () => {
    const { gb, put } = await gateway();
    await put(0, 30, bytes(10));
    expect(await put(0, 30, bytes(10))).toEqual({ total: 30, held: 10 });
    expect(await codeOf(put(0, 30, bytes(10, 9)))).toBe('file_conflict');
    expect(await codeOf(put(10, 31, bytes(10)))).toBe('file_conflict');
    expect(gb.alarms).toEqual([1, 2].map(() => ({ kind: 'id_reused', subject: ID, code: 'file_conflict' })));
    expect((await incomingFile('vn', ID, gb.ports.acceptPiece)).held).toBe(10);
  });

  it.each<[string, [number, number, Uint8Array, string?, string?], Code]>([
    ['leaves a gap', [20, 30, bytes(5)], 'file_offset'],
    ['begins inside another', [5, 30, bytes(5)], 'file_offset'],
    ['goes beyond the end', [10, 30, bytes(21)], 'bad_request'],
    ['is empty', [10, 30, bytes(0)], 'bad_request'],
    ['begins before the beginning', [-1, 30, bytes(5)], 'bad_request'],
    ['begins at no whole number', [0.5, 30, bytes(5)], 'bad_request'],
    ['is of no file', [0, 30, bytes(5), 'vn', 'x'], 'bad_request'],
    ['is of a file without end', [0, 11 * 1024 * 1024, bytes(5), 'vn', ID.replace('8fa6', '8fa7')], 'file_too_big'],
    ['is too large', [0, 9_000_000, bytes(3_000_000), 'vn', ID.replace('8fa6', '8fa7')], 'file_too_big'],
  ])('refuses one that %s', async (_what, piece, code) => {
    const { put } = await gateway();
    await put(0, 30, bytes(10));
    expect(await codeOf(put(...piece))).toBe(code);
  });

  it('keeps files of two partners with one id apart', async () => {
    const { gb, put } = await gateway();
    await put(0, 30, bytes(10));
    expect(await put(0, 20, bytes(20, 7), 'kh')).toMatchObject({ held: 20 });
    expect((await incomingFile('vn', ID, gb.ports.acceptPiece)).held).toBe(10);
    expect(await codeOf(incomingFile('fr', ID, gb.ports.acceptPiece))).toBe('not_found');
    expect(await codeOf(incomingFile('vn', 'x', gb.ports.acceptPiece))).toBe('not_found');
  });

  it.each([
    ['files', { files: 1_000, bytes: 5 }],
    ['bytes', { files: 1, bytes: 2 * 1024 ** 3 }],
  ])('asks a partner to wait that has too many %s here', async (_what, load) => {
    const { gb, put } = await gateway();
    gb.ports.acceptPiece.store.load = () => Promise.resolve(load);
    expect(await codeOf(put(0, 30, bytes(10)))).toBe('overloaded');
  });

  it('does not add a piece that another request has added meanwhile', async () => {
    const { gb, put } = await gateway();
    gb.ports.acceptPiece.store.append = () => Promise.resolve(false);
    expect(await codeOf(put(0, 30, bytes(10)))).toBe('file_offset');
  });

  it('signs for nothing that is not there', async () => {
    const { gb, put } = await gateway();
    gb.ports.acceptPiece.store.piece = () => Promise.resolve(undefined);
    expect(await codeOf(put(0, 30, bytes(30)))).toBe('internal');
  });
});

describe('a file that has come', () => {
  /** Everything is there; the test spoils it before it is looked at. */
  async function arrived() {
    const sent = await announced([PDF, pdf(3 * CHUNK_BYTES)], [PNG, pngOf(3 * CHUNK_BYTES)]);
    await pushed(sent);
    const { gb } = sent;
    const pieces = (id: string) => [...gb.tables.pieces.keys()].filter((key) => key.includes(id));
    return { ...sent, pieces };
  }

  it.each<[string, (keys: string[], foreign: string[], at: Map<string, Uint8Array>) => void]>([
    ['with a changed byte', ([first], _foreign, at) => at.set(first!, Buffer.from(at.get(first!)!).fill(1, 50, 60))],
    ['without its end', (keys, _foreign, at) => at.delete(keys.at(-1)!)],
    [
      'with two pieces in each other’s place',
      ([first, second], _foreign, at) => {
        const [a, b] = [at.get(first!)!, at.get(second!)!];
        at.set(first!, b).set(second!, a);
      },
    ],
    ['with a piece of another file', ([first], [foreign], at) => at.set(first!, at.get(foreign!)!)],
  ])('%s is shown to nobody, with an alarm', async (_what, spoil) => {
    const sent = await arrived();
    const { gb, ids, pieces } = sent;
    spoil(pieces(ids[0]!), pieces(ids[1]!), gb.tables.pieces);
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['damaged', 'clean']);
    expect(gb.alarms).toEqual([{ kind: 'file_damaged', subject: ids[0] }]);
    expect(await codeOf(readFile(READER, ids[0]!, gb.ports.caseFiles))).toBe('file_damaged');
    expect(pieces(ids[0]!)).toEqual([]);
  });

  it('in which the scanner finds something is shown to nobody, with an alarm', async () => {
    const sent = await arrived();
    const { gb, ids } = sent;
    gb.scan = () => Promise.resolve('infected');
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['infected', 'infected']);
    expect(gb.alarms.map(({ kind }) => kind)).toEqual(['file_infected', 'file_infected']);
    expect(await codeOf(readFile(READER, ids[0]!, gb.ports.caseFiles))).toBe('file_infected');
  });

  it('waits for a scanner that does not answer, and is released by a later look', async () => {
    const sent = await arrived();
    const { gb, ids, clock } = sent;
    const { scan } = gb;
    gb.scan = () => Promise.reject(new TraoError('scanner_unavailable'));
    for (let i = 0; i < 4; i += 1) await gb.judgeFiles();
    expect(await statesOf(sent)).toEqual(['quarantined', 'quarantined']);
    expect(await gb.judgeFiles()).toBe(0);
    expect(await codeOf(readFile(READER, ids[0]!, gb.ports.caseFiles))).toBe('file_quarantined');
    gb.scan = scan;
    clock.advance(60_000);
    gb.hasScanner = false;
    expect(await gb.judgeFiles()).toBe(0);
    gb.hasScanner = true;
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['clean', 'clean']);
    expect(gb.alarms).toEqual([]);
  });

  it('is found infected by a later look', async () => {
    const sent = await arrived();
    const { gb, clock } = sent;
    gb.scan = () => Promise.reject(new TraoError('scanner_unavailable'));
    for (let i = 0; i < 2; i += 1) await gb.judgeFiles();
    gb.scan = () => Promise.resolve('infected');
    clock.advance(60_000);
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['infected', 'infected']);
    expect(gb.tables.pieces.size).toBe(0);
  });

  it('whose row was changed is damaged', async () => {
    const sent = await arrived();
    const { gb } = sent;
    const [key, row] = [...gb.tables.files.entries()][0]!;
    gb.tables.files.set(key, { ...row, file: { ...row.file, facts: Buffer.alloc(60) } });
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['damaged', 'clean']);
  });

  it('is looked at again after a fault of this machine', async () => {
    const sent = await arrived();
    const { gb, clock } = sent;
    const { piece } = gb.ports.judge.store;
    gb.ports.judge.store.piece = () => Promise.reject(new TraoError('database_unavailable'));
    expect(await codeOf(gb.judgeFiles())).toBe('database_unavailable');
    gb.ports.judge.store.piece = piece;
    clock.advance(300_000);
    await judged(sent);
    expect(await statesOf(sent)).toEqual(['clean', 'clean']);
  });
});

it('a file announced without bytes to come is none', async () => {
  const { vn, gb } = await twoCountries();
  const paper = { type: 'other', sha256: digestOf('one'), mime: 'application/pdf' };
  await vn.send({ ...referralDraft(), attachments: [paper] }, SENDER);
  await vn.work();
  await gb.work();
  expect([gb.tables.events.size, gb.tables.files.size]).toEqual([1, 0]);
  expect(AUTHOR.unit).toBe(SENDER);
});
