import { answerDraft, exampleDraft, pingDraft, referralDraft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import type { MemoryNode } from '../fakes/memory-node';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from '../integration/database-fixture';
import { claim, ingestAll, storeIn } from '../integration/stored-node';
import { RECIPIENT, SENDER } from './countries';

/** Attacks whose point is the database: what is known after an erasure, after a restore, and in the middle of a rush. */
let database: NodeDatabase;
let vn: MemoryNode;
let gb: MemoryNode;
beforeAll(async () => {
  database = await startNodeDatabase('attacked');
});
afterAll(() => database?.remove());

const rows = <R>(sql: string, parameters: readonly unknown[] = []) => database.owner.query<R>(sql, parameters);
const TABLES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'migrations'`;

beforeEach(async () => {
  const tables = await rows<{ name: string }>(TABLES);
  await rows(`TRUNCATE ${tables.map(({ name }) => `"${name}"`).join(', ')}`);
  ({ vn, gb } = await twoCountries());
  storeIn(gb, database);
});

async function count(table: string): Promise<number> {
  const [row] = await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return row!.n;
}
const counts = async () => [
  await count('inbox'),
  await count('unit_case'),
  await count('case_event'),
  await count('receipt'),
];
const receiptsIn = (answers: Awaited<ReturnType<MemoryNode['accept']>>[]) =>
  answers.flat().map((answer) => ('receipt' in answer ? answer.receipt : answer.problem.code));

it('C-08 a message again after the case was erased and every sealed copy forgotten', async () => {
  const { token, id } = await vn.sent(referralDraft({ priority: 'normal' }), SENDER);
  const [first] = receiptsIn([await gb.accept([token], 'vn')]);
  await ingestAll(gb, database);
  for (const type of ['ack', 'decline'] as const) await gb.send(answerDraft(type, id), RECIPIENT);
  await rows(`UPDATE outbox SET state = 'delivered'`);
  const header = { recipientUnit: SENDER, inReplyTo: id, purpose: 'VERIFY' };
  await gb.send(exampleDraft('erasure-confirm-protect-adult-recipient', header), RECIPIENT);
  expect(await rows('SELECT sealed FROM inbox')).toEqual([{ sealed: '' }]);
  const before = await counts();

  expect(receiptsIn([await gb.accept([token], 'vn')])).toEqual([first]);
  await ingestAll(gb, database);
  expect(await counts()).toEqual(before);
  expect(await rows('SELECT 1 FROM alarm')).toEqual([]);
});

describe('at a node that was restored from a backup', () => {
  /** The rows of all tables as they are now, put back when asked. */
  async function backup(): Promise<() => Promise<void>> {
    const names = (await rows<{ name: string }>(TABLES)).map(({ name }) => `"${name}"`);
    await rows('CREATE SCHEMA kept');
    for (const name of names) await rows(`CREATE TABLE kept.${name} AS TABLE public.${name}`);
    return async () => {
      await rows(`TRUNCATE ${names.join(', ')}`);
      // Rows come back before the rows that they refer to.
      await database.owner.transaction(async (query) => {
        await query(`SET LOCAL session_replication_role = 'replica'`);
        for (const name of names)
          await query(`INSERT INTO public.${name} OVERRIDING SYSTEM VALUE SELECT * FROM kept.${name}`);
      });
      await rows('DROP SCHEMA kept CASCADE');
    };
  }

  it('C-08 a message that the backup knows gets its first receipt and is filed no second time', async () => {
    const { token } = await vn.sent(referralDraft({ priority: 'normal' }), SENDER);
    const [first] = receiptsIn([await gb.accept([token], 'vn')]);
    await ingestAll(gb, database);
    const restore = await backup();
    const before = await counts();
    const later = await sealByHand(vn, pingDraft({ senderUnit: SENDER }));
    await gb.accept([later.token], 'vn');
    await restore();
    expect(receiptsIn([await gb.accept([token], 'vn')])).toEqual([first]);
    await ingestAll(gb, database);
    expect(await counts()).toEqual(before);
  });

  it('C-08 a message that it does not know is stored and filed once more, and the evidence agrees', async () => {
    const restore = await backup();
    const { token, id } = await vn.sent(referralDraft({ priority: 'normal' }), SENDER);
    const take = async () => {
      const receipts = receiptsIn([await gb.accept([token], 'vn'), await gb.accept([token], 'vn')]);
      expect(receipts[1]).toBe(receipts[0]);
      await ingestAll(gb, database);
      const all = await rows<{ token: string }>('SELECT token FROM receipt ORDER BY event');
      return all.map((row) => row.token);
    };
    const first = await take();
    const before = await counts();
    await restore();
    expect(await counts()).toEqual([0, 0, 0, 0]);
    const second = await take();
    expect(await counts()).toEqual(before);
    expect(before).toEqual([1, 1, 1, 2]);
    // At the sender: `delivered` twice, of the same bytes, and nobody is alarmed.
    const results = await vn.settle([...first, ...second], 'gb');
    expect(results).toEqual([1, 2, 3, 4].map(() => ({ status: 'stored' })));
    expect(vn.tables.outbox.get(id)!.state).toBe('delivered');
    expect(vn.alarms).toEqual([]);
  });
});

it('C-13 fifty copies at the same moment are one row, one receipt and one case', async () => {
  const { token } = await vn.sent(referralDraft({ priority: 'normal' }), SENDER);
  const answers = await Promise.all(Array.from({ length: 50 }, () => gb.accept([token], 'vn')));
  const [receipt, ...others] = new Set(receiptsIn(answers));
  expect([receipt!.split('.').length, others]).toEqual([3, []]);
  expect(await counts()).toEqual([1, 0, 0, 1]);
  // And two workers at once file it once.
  const batch = await claim(database, 'ingest');
  await Promise.all([gb.run(batch!), gb.run(batch!)]);
  expect(await counts()).toEqual([1, 1, 1, 2]);
  expect(gb.alarms).toEqual([]);
});

it('C-13 fifty different messages under one id at the same moment: one counts, the others are evidence', async () => {
  const messageId = vn.newId();
  const made = await Promise.all(
    Array.from({ length: 50 }, () => sealByHand(vn, pingDraft({ senderUnit: SENDER }), { messageId })),
  );
  const ends = receiptsIn(await Promise.all(made.map(({ token }) => gb.accept([token], 'vn'))));
  expect(ends.filter((end) => end === 'id_reused')).toHaveLength(49);
  expect([await count('inbox'), await count('receipt')]).toEqual([1, 1]);
  // Of what a partner could send without end, eight are kept, and those that came at the same moment as the eighth.
  const kept = await count('inbox_conflict');
  expect(kept).toBeGreaterThanOrEqual(8);
  expect(kept).toBeLessThan(49);
  expect(gb.alarms).toHaveLength(49);
});
