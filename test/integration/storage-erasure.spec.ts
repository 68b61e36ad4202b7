import { listInbox, readMessage, searchCases, showCase } from '../../libs/casework';
import { forgetArrived } from '../../libs/storage';
import { caseOf } from '../fakes/case-of';
import { answerDraft, exampleDraft, pingDraft, referralDraft } from '../fakes/documents';
import { sealByHand } from '../fakes/hand-made';
import type { MemoryNode } from '../fakes/memory-node';
import { officer } from '../fakes/officers';
import { twoCountries } from '../fakes/two-countries';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { everyValue, ingestAll, storeIn } from './stored-node';

/** Erasure by the use cases themselves over a real database: nothing of the case stays, and what is repeated is still known. */
const SENDER = 'vn.mps-criminal';
const UNIT = 'gb.ho-sca';

let database: NodeDatabase;
let vn: MemoryNode;
let gb: MemoryNode;
beforeAll(async () => {
  database = await startNodeDatabase('erasure');
});
afterAll(() => database?.remove());
beforeEach(async () => {
  await database.owner.query(
    `TRUNCATE inbox, inbox_conflict, outbox, attempt, receipt, delivery_event, idempotency, work_batch, unit_case, case_event,
       search_token, draft, alarm, attachment, attachment_piece`,
  );
  ({ vn, gb } = await twoCountries());
  storeIn(gb, database);
});

const rows = <R>(sql: string, parameters: readonly unknown[] = []) => database.owner.query<R>(sql, parameters);

interface Held {
  readonly token: string;
  readonly messageId: string;
  readonly referralId: string;
  /** What the partner got when the message arrived. */
  readonly receipt: unknown;
}

/** A referral that was filed, acknowledged and declined. */
async function declined(): Promise<Held> {
  const { token, id: messageId } = await vn.sent(referralDraft({ priority: 'normal' }), SENDER);
  const [receipt] = await gb.accept([token], 'vn');
  await ingestAll(gb, database);
  await gb.send(answerDraft('ack', messageId), UNIT);
  await gb.send(answerDraft('decline', messageId), UNIT);
  const [row] = await rows<{ id: string }>(`SELECT referral_id AS id FROM case_event WHERE message_id = $1`, [
    messageId,
  ]);
  return { token, messageId, referralId: row!.id, receipt };
}

const arrive = () => rows(`UPDATE outbox SET state = 'delivered'`);

function erase({ messageId }: Held) {
  const header = { recipientUnit: SENDER, inReplyTo: messageId, purpose: 'VERIFY' };
  return gb.send(exampleDraft('erasure-confirm-protect-adult-recipient', header), UNIT);
}

/** Every stored value that is, or hides, content: sealed bytes, keys, summaries, originals, tokens, drafts. */
async function contents(): Promise<string[]> {
  const values = await everyValue(database);
  const places = [
    'inbox.sealed',
    'inbox_conflict.sealed',
    'outbox.sealed',
    'unit_case.wrapped_key',
    'unit_case.summary',
    'case_event.original',
    'search_token.token',
    'draft.body',
  ];
  return places.flatMap((place) => values.get(place)!).filter((value) => value !== '');
}

it('leaves none of the bytes that held the case, in no table', async () => {
  const held = await declined();
  await arrive();
  const before = await contents();
  expect(before.length).toBeGreaterThan(9); // one sealed there, two here, key, summary, three originals, tokens
  await erase(held);
  const after = [...(await everyValue(database)).entries()];
  for (const value of before) {
    expect(after.filter(([, values]) => values.some((one) => one.includes(value))).map(([place]) => place)).toEqual([]);
  }
  expect(await rows('SELECT 1 FROM case_event')).toEqual([]);
  expect(await rows('SELECT 1 FROM search_token')).toEqual([]);
  expect(await rows('SELECT wrapped_key, next_mark_at FROM unit_case')).toEqual([
    { wrapped_key: Buffer.alloc(0), next_mark_at: null },
  ]);
});

it('leaves a tombstone that opens, and no message to read or to find', async () => {
  const held = await declined();
  const { ack } = exampleDraft('ack-trace-child') as unknown as { ack: { localReference: string } };
  const find = () => searchCases(UNIT, ack.localReference, 10, gb.ports.read);
  expect(await find()).toMatchObject([{ referralId: held.referralId, state: 'declined' }]);
  await erase(held);
  const { referralId } = held;
  const tombstone = { referralId, state: 'erased', side: 'recipient', partnerUnit: SENDER };
  const shown = await showCase(UNIT, referralId, gb.ports.read);
  expect(shown).toMatchObject(tombstone);
  expect(shown).toHaveProperty('digests.length', 4);
  expect(await listInbox(UNIT, 10, undefined, gb.ports.read)).toMatchObject([tombstone]);
  expect(await find()).toEqual([]);
  expect(await readMessage(officer(UNIT, 'dpo'), held.messageId, gb.ports.read)).toBeUndefined();
});

it('gives a message that comes again its first receipt, byte for byte', async () => {
  const held = await declined();
  await erase(held);
  expect(await gb.accept([held.token], 'vn')).toEqual([held.receipt]);
  expect(await rows('SELECT sealed, state FROM inbox')).toEqual([{ sealed: '', state: 'filed' }]);
  expect(await rows('SELECT 1 FROM inbox_conflict')).toEqual([]);
});

it('keeps no other bytes under the id of an erased message, whether they came before or after', async () => {
  const held = await declined();
  const twin = () => sealByHand(vn, pingDraft({ senderUnit: SENDER }), { messageId: held.messageId });
  const refused = [{ jti: held.messageId, problem: { code: 'id_reused' } }];
  expect(await gb.accept([(await twin()).token], 'vn')).toEqual(refused);
  expect(await rows('SELECT length(sealed) > 0 AS kept FROM inbox_conflict')).toEqual([{ kept: true }]);
  await erase(held);
  expect(await gb.accept([(await twin()).token], 'vn')).toEqual(refused);
  const kept = await rows<{ sealed: string; digest: string }>('SELECT sealed, digest FROM inbox_conflict');
  expect(kept.map(({ sealed }) => sealed)).toEqual(['', '']);
  expect(new Set(kept.map(({ digest }) => digest)).size).toBe(2);
});

it('lets what still travels arrive, and forgets it then', async () => {
  const held = await declined();
  const { messageId } = await erase(held);
  const waiting = () =>
    rows<{ id: string; state: string; blank: boolean }>(`SELECT id, state, sealed = '' AS blank FROM outbox`);
  expect((await waiting()).map(({ blank }) => blank)).toEqual([false, false, false]);
  expect(await forgetArrived(database.worker)).toBe(0);

  await rows(`UPDATE outbox SET state = 'sending' WHERE id = $1`, [messageId]);
  await rows(`UPDATE outbox SET state = 'delivered' WHERE id <> $1`, [messageId]);
  expect(await forgetArrived(database.worker)).toBe(2);
  expect(await waiting()).toEqual(
    expect.arrayContaining([{ id: messageId, state: 'sending', blank: false }]) as unknown,
  );
  await arrive();
  expect(await forgetArrived(database.worker)).toBe(1);
  expect((await waiting()).map(({ blank }) => blank)).toEqual([true, true, true]);
  expect(await forgetArrived(database.worker)).toBe(0);
});

it('keeps nothing of a message that comes for a case which was erased', async () => {
  const held = await declined();
  await erase(held);
  const late = await vn.sent(
    exampleDraft('consent-withdrawal-protect-adult', {
      recipientUnit: UNIT,
      referralId: held.referralId,
      purpose: 'VERIFY',
      priority: 'normal',
    }),
    SENDER,
  );
  await gb.accept([late.token], 'vn');
  expect(await rows('SELECT sealed FROM inbox WHERE id = $1', [late.id])).toEqual([{ sealed: late.token }]);
  await ingestAll(gb, database);
  expect(await rows('SELECT sealed, state FROM inbox WHERE id = $1', [late.id])).toEqual([
    { sealed: '', state: 'refused' },
  ]);
  expect(await rows('SELECT 1 FROM case_event')).toEqual([]);
  expect(await showCase(UNIT, held.referralId, gb.ports.read)).toMatchObject({ state: 'erased' });
});

it('keeps nothing of what was refused for the case', async () => {
  const held = await declined();
  // Out of turn: nobody closes a referral that has not had a result.
  const turn = { recipientUnit: UNIT, referralId: held.referralId, purpose: 'VERIFY', priority: 'normal', seq: 2 };
  const wrong = await sealByHand(vn, exampleDraft('closure-protect-child-propose', turn), {
    ...turn,
    senderUnit: SENDER,
    prevDigest: (await caseOf(vn, SENDER, held.referralId)).summary.sent.digest,
  });
  await gb.accept([wrong.token], 'vn');
  await ingestAll(gb, database);
  const refused = () => rows('SELECT sealed, state FROM inbox WHERE id = $1', [wrong.id]);
  expect(await refused()).toEqual([{ sealed: wrong.token, state: 'refused' }]);
  await erase(held);
  expect(await refused()).toEqual([{ sealed: '', state: 'refused' }]);
});

it('leaves the other cases of the unit as they are', async () => {
  const held = await declined();
  const other = await declined();
  const own = () =>
    rows(
      'SELECT * FROM case_event JOIN unit_case USING (unit, referral_id) WHERE referral_id = $1 ORDER BY message_id',
      [other.referralId],
    );
  const before = await own();
  await arrive();
  await erase(held);
  expect(await own()).toEqual(before);
  expect(await rows('SELECT 1 FROM search_token WHERE referral_id <> $1', [other.referralId])).toEqual([]);
  expect(await rows(`SELECT 1 FROM outbox WHERE sealed = ''`)).toHaveLength(2);
  expect(await rows('SELECT sealed FROM inbox WHERE id = $1', [other.messageId])).toEqual([{ sealed: other.token }]);
});
