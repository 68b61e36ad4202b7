import { randomUUID } from 'node:crypto';
import type { StoredCase, StoredCaseEvent } from '../../libs/casework';
import { acceptStore, forgetArrived, forUnit, holdStore, ingestStore, readStore, sweepStore } from '../../libs/storage';
import { referralDraft } from '../fakes/documents';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { caseOf, eventOf, incoming, inSeconds, NOTHING_FILED, putOutbox, receiptOf } from './rows-fixture';
import { ingestAll, storeIn } from './stored-node';

/** Cases in which a time has come: each is looked at once, and what must go leaves no copy. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('sweep');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    'TRUNCATE unit_case, case_event, search_token, inbox, inbox_conflict, outbox, attempt, receipt, work_batch, delivery_event',
  ),
);

const file = (cases: readonly StoredCase[], events: readonly StoredCaseEvent[] = []) =>
  node.worker.transaction((query) => ingestStore(query).file(randomUUID(), { ...NOTHING_FILED, cases, events }));
const due = (more: Partial<StoredCase> = {}) => ({ ...caseOf('vn.police'), nextMarkAt: inSeconds(-60), ...more });
const sweeping = <T>(work: (store: ReturnType<typeof sweepStore>) => Promise<T>, database = node.worker) =>
  database.transaction((query) => work(sweepStore(query)));
const dueIds = (now = new Date()) =>
  sweeping(async (store) => (await store.lockDueCases(now, 100)).map(({ referralId }) => referralId));

it('finds the cases of all units whose mark has come, the oldest first', async () => {
  const [late, later] = [due({ nextMarkAt: inSeconds(-999) }), due({ unit: 'vn.social' })];
  await file([later, late, due({ nextMarkAt: inSeconds(60) }), due({ nextMarkAt: undefined })]);
  expect(await dueIds()).toEqual([late.referralId, later.referralId]);
  expect(await dueIds(inSeconds(3600))).toHaveLength(3);
});

it('gives each case to one of two workers that look at the same time', async () => {
  const cases = Array.from({ length: 60 }, () => due());
  await file(cases);
  const other = await node.open('worker');
  const seen: string[] = [];
  const sweep = (database: typeof other) =>
    sweeping(async (store) => {
      const mine = await store.lockDueCases(new Date(), 20);
      seen.push(...mine.map(({ referralId }) => referralId));
      await store.save({
        cases: mine.map((record) => ({ ...record, nextMarkAt: undefined })),
        redacted: [],
        alarms: [{ kind: 'deadline_passed', subject: mine[0]?.referralId ?? '' }],
      });
    }, database);
  for (let turn = 0; turn < 3; turn += 1) await Promise.all([sweep(node.worker), sweep(other)]);
  expect(seen.sort()).toEqual(cases.map(({ referralId }) => referralId).sort());
  expect(await dueIds()).toEqual([]);
  await other.close();
});

it('passes over a case that somebody has in hand', async () => {
  const [held, free] = [due(), due()];
  await file([held, free]);
  await forUnit(node.office, holdStore)('vn.police', async (store) => {
    await store.lockCase('vn.police', held.referralId);
    expect(await dueIds()).toEqual([free.referralId]);
  });
});

it('writes summary and next mark, and leaves the case where it stands in the inbox', async () => {
  const [first, second] = [due(), due()];
  await file([first], [eventOf(first)]);
  await file([second], [eventOf(second)]);
  const next = inSeconds(999);
  await sweeping((store) =>
    store.save({ cases: [{ ...first, summary: Buffer.from('swept'), nextMarkAt: next }], redacted: [], alarms: [] }),
  );
  const rows = await forUnit(node.office, readStore)('vn.police', (store) => store.cases('vn.police', 10, undefined));
  expect(rows.map(({ stored }) => stored.referralId)).toEqual([second.referralId, first.referralId]);
  const [seen] = await sweeping((store) => store.lockDueCases(inSeconds(1000), 10).then((all) => all.slice(1)));
  expect(seen).toEqual({ ...first, summary: Buffer.from('swept'), nextMarkAt: next });
});

it('keeps the next mark when a case is read and written again', async () => {
  const record = due({ nextMarkAt: inSeconds(999) });
  await file([record]);
  await forUnit(node.office, holdStore)('vn.police', async (store) => {
    const stored = (await store.lockCase('vn.police', record.referralId))!;
    expect(stored).toEqual(record);
    await store.saveCase(stored);
  });
  expect(await dueIds(inSeconds(1000))).toEqual([record.referralId]);
});

it('writes no summary under another key', async () => {
  const record = due();
  await file([record]);
  const saved = sweeping((store) =>
    store.save({ cases: [{ ...record, wrappedKey: Buffer.from('another') }], redacted: [], alarms: [] }),
  );
  await expect(saved).rejects.toMatchObject({ code: 'case_busy' });
});

describe('a message of which a part was erased', () => {
  /** A case with a message of each direction, and their sealed copies. */
  async function withCopies(state: string) {
    const record = due();
    const [sentId] = (await putOutbox(node.owner, [{ state }])) as [string];
    const message = incoming();
    const store = acceptStore(node.gateway, 'vn');
    await store.storeReceived([message], [receiptOf(message)]);
    await store.storeConflict(incoming({ id: message.id }, 'sealed anew'));
    await node.owner.query(`UPDATE inbox SET state = 'filed'`);
    const sent = eventOf(record, { messageId: sentId });
    const filed = eventOf(record, { messageId: message.id, direction: 'filed' });
    await file([record], [sent, filed, eventOf(record)]);
    return { record, sent, filed };
  }
  const redact = (event: StoredCaseEvent): StoredCaseEvent => ({ ...event, original: Buffer.from('the rest') });
  const sealed = async (table: string) =>
    (await node.owner.query<{ sealed: string }>(`SELECT sealed FROM ${table}`)).map((row) => row.sealed);

  it('is found by its id, and replaced; other messages stay', async () => {
    const { record, sent, filed } = await withCopies('delivered');
    const { unit, referralId } = record;
    await sweeping(async (store) => {
      const ids = [sent.messageId, filed.messageId, randomUUID()];
      const events = await store.events(unit, referralId, ids);
      expect(new Set(events)).toEqual(new Set([sent, filed]));
      await store.save({ cases: [], redacted: events.map(redact), alarms: [] });
    });
    const originals = await node.owner.query<{ original: Buffer }>('SELECT original FROM case_event ORDER BY original');
    expect(originals.map(({ original }) => original.toString())).toEqual(['original', 'the rest', 'the rest']);
  });

  it('leaves no sealed copy where it was sent, filed or came anew', async () => {
    const { sent, filed } = await withCopies('delivered');
    await sweeping((store) => store.save({ cases: [], redacted: [redact(sent), redact(filed)], alarms: [] }));
    expect([await sealed('outbox'), await sealed('inbox'), await sealed('inbox_conflict')]).toEqual([[''], [''], ['']]);
  });

  it('keeps the copy that still travels until it has arrived', async () => {
    const { sent } = await withCopies('sending');
    await sweeping((store) => store.save({ cases: [], redacted: [redact(sent)], alarms: [] }));
    expect((await sealed('outbox'))[0]).not.toBe('');
    expect(await sealed('inbox')).toEqual(['sealed']);
    expect(await forgetArrived(node.worker)).toBe(0);
    await node.owner.query(`UPDATE outbox SET state = 'expired'`);
    expect(await forgetArrived(node.worker)).toBe(1);
    expect(await sealed('outbox')).toEqual(['']);
  });
});

it('raises what passed once, with two workers at the same time and after that', async () => {
  const { vn, gb, clock } = await twoCountries();
  storeIn(gb, node);
  for (let turn = 0; turn < 3; turn += 1) {
    const { token } = await vn.sent(referralDraft({ priority: 'normal' }), 'vn.mps-criminal');
    await gb.accept([token], 'vn');
  }
  await ingestAll(gb, node);
  expect(await gb.sweep()).toBe(0);
  await node.owner.query('DELETE FROM alarm');
  const subjects = async () =>
    (await node.owner.query<{ subject: string }>('SELECT subject FROM alarm ORDER BY id')).map(
      ({ subject }) => subject,
    );
  clock.advance(10 * 86_400_000);
  const swept = await Promise.all([gb.sweep(), gb.sweep()]);
  expect(swept[0] + swept[1]).toBe(3);
  const raised = await subjects();
  expect(raised.length).toBeGreaterThanOrEqual(3);
  expect(new Set(raised).size).toBe(3);
  expect(await gb.sweep()).toBe(0);
  expect(await subjects()).toEqual(raised);
});
