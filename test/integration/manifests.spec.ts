import { reconciling } from '../../libs/exchange';
import { manifestWork, retention } from '../../libs/storage';
import { pingDraft, referralDraft } from '../fakes/documents';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { backup, compare, comparing, deliverAll, emptied, storedCountries, type StoredNode } from './manifests-fixture';

/** Manifests over real databases: each process of both nodes under its own role. */
const UNIT = 'vn.mps-criminal';
let databases: { readonly vn: NodeDatabase; readonly gb: NodeDatabase };
let vn: StoredNode;
let gb: StoredNode;
const today = () => reconciling.dayOf(new Date());

beforeAll(async () => {
  const [first, second] = await Promise.all([startNodeDatabase('manifests_vn'), startNodeDatabase('manifests_gb')]);
  databases = { vn: first, gb: second };
});
afterAll(() => Promise.all(Object.values(databases ?? {}).map((database) => database.remove())));
beforeEach(async () => {
  await Promise.all(Object.values(databases).map(emptied));
  ({ vn, gb } = await storedCountries(databases.vn, databases.gb));
});

async function delivered(count: number, draft = pingDraft): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await vn.node.send(draft(), UNIT)).messageId);
  await deliverAll(vn, gb);
  expect(await statesOf(ids)).toEqual(ids.map(() => 'delivered'));
  return ids;
}
const statesOf = async (ids: readonly string[]) =>
  (
    await databases.vn.owner.query<{ state: string }>(
      'SELECT state FROM outbox WHERE id = ANY ($1::uuid[]) ORDER BY id',
      [ids],
    )
  ).map(({ state }) => state);
const alarmsOf = ({ owner }: NodeDatabase) =>
  owner.query<{ kind: string; subject: string; detail: string }>('SELECT kind, subject, detail FROM alarm ORDER BY id');
const historyOf = async (id: string) =>
  (
    await databases.vn.owner.query<{ state: string }>(
      'SELECT state FROM delivery_event WHERE message_id = $1 ORDER BY at',
      [id],
    )
  ).map(({ state }) => state);

it('agree on every state of a message, and on messages of their own day only', async () => {
  const [seen] = await delivered(3, referralDraft);
  await databases.gb.owner.query('UPDATE inbox SET opened_at = now(), opened_told = true WHERE id = $1', [seen]);
  await databases.vn.owner.query(`UPDATE outbox SET state = 'opened' WHERE id = $1`, [seen]);
  await vn.node.send(pingDraft(), UNIT);
  const yesterday = reconciling.dayBefore(today());
  expect(await compare(vn, gb, yesterday, today())).toEqual([]);
  const rows = await databases.vn.owner.query(
    'SELECT partner, day::text AS day, sent::int AS sent, received::int AS received FROM manifest_day ORDER BY day',
  );
  expect(rows).toEqual([
    { partner: 'gb', day: yesterday, sent: 0, received: 0 },
    { partner: 'gb', day: today(), sent: 3, received: 0 },
  ]);
  const kept = await databases.gb.owner.query(
    'SELECT issuer, count(*)::int AS count FROM manifest GROUP BY 1 ORDER BY 1',
  );
  expect(kept).toEqual([
    { issuer: 'gb', count: 2 },
    { issuer: 'vn', count: 2 },
  ]);
  expect([await alarmsOf(databases.vn), await alarmsOf(databases.gb)]).toEqual([[], []]);
});

it('heal a receiver that was restored from a backup, once and with nobody at the tables', async () => {
  const kept = await delivered(2, referralDraft);
  const restore = await backup(databases.gb);
  const lost = await delivered(3, referralDraft);
  await restore();
  expect(await compare(gb, vn, today())).toEqual(['received missing_here 3']);
  const [wished] = await databases.vn.owner.query('SELECT partner, since::text AS since, reason FROM manifest_round');
  expect(wished).toEqual({ partner: 'gb', since: today(), reason: 'partner' });
  expect(await compare(vn, gb, today())).toEqual(['sent lost_there 3']);
  expect(await statesOf(lost)).toEqual(['queued', 'queued', 'queued']);
  await deliverAll(vn, gb);
  expect(await statesOf([...kept, ...lost])).toEqual([...kept, ...lost].map(() => 'delivered'));
  expect(await historyOf(lost[0]!)).toEqual([
    'queued',
    'received',
    'delivered',
    'lost_there',
    'queued',
    'received',
    'delivered',
  ]);
  const filed = await databases.gb.owner.query<{ copies: number }>(
    `SELECT count(*)::int AS copies FROM case_event WHERE direction = 'filed' GROUP BY message_id`,
  );
  expect(filed).toEqual(Array.from({ length: 5 }, () => ({ copies: 1 })));
  expect(await compare(vn, gb, today())).toEqual([]);
  expect(await compare(gb, vn, today())).toEqual([]);
  const findings = await databases.vn.owner.query(
    'SELECT kind, count(*)::int AS count, count(healed_at)::int AS healed FROM manifest_finding GROUP BY kind',
  );
  expect(findings).toEqual([{ kind: 'lost_there', count: 3, healed: 3 }]);
  expect(await alarmsOf(databases.vn)).toEqual([
    { kind: 'manifest_differs', subject: 'gb', detail: `${today()} sent` },
  ]);
  expect(await alarmsOf(databases.gb)).toEqual([
    { kind: 'manifest_differs', subject: 'vn', detail: `${today()} received` },
  ]);
});

it('have the signed original sealed anew where retention has removed the sealed bytes, and none where it was erased', async () => {
  const restore = await backup(databases.gb);
  const [sealed, erased] = await delivered(2, referralDraft);
  const before = await databases.vn.owner.query<{ digest: string }>('SELECT digest FROM outbox WHERE id = $1', [
    sealed,
  ]);
  await databases.vn.owner.query(`UPDATE receipt SET stored_at = stored_at - interval '2 days'`);
  await databases.vn.owner.query(`UPDATE outbox SET created_at = created_at - interval '2 days'`);
  expect(await retention.blankSent(databases.vn.worker, new Date(Date.now() - 86_400_000))).toBe(2);
  await databases.vn.owner.query('DELETE FROM case_event WHERE message_id = $1', [erased]);
  await restore();
  const found = (await compare(vn, gb, today())).toSorted();
  expect(found).toEqual(['sent lost_there 1', 'sent not_resendable 1']);
  await deliverAll(vn, gb);
  expect(await statesOf([sealed!])).toEqual(['delivered']);
  const after = await databases.vn.owner.query<{ digest: string }>('SELECT digest FROM outbox WHERE id = $1', [sealed]);
  expect(after).not.toEqual(before);
  expect(await historyOf(sealed!)).toContain('lost_there');
  expect((await alarmsOf(databases.vn)).map(({ kind }) => kind).toSorted()).toEqual([
    'manifest_differs',
    'manifest_unexplained',
  ]);
});

it('bring a restored sender its evidence, and list what it does not know any more', async () => {
  await vn.node.send(pingDraft(), UNIT);
  const restore = await backup(databases.vn);
  await deliverAll(vn, gb);
  const [forgotten] = await delivered(1);
  await restore();
  await deliverAll(vn, gb);
  expect(await compare(vn, gb, today())).toEqual(['sent unknown_here 1']);
  const [row] = await databases.vn.owner.query('SELECT state FROM outbox');
  expect(row).toEqual({ state: 'delivered' });
  const desk = manifestWork.manifestDesk(databases.vn.monitor, () => ['gb']);
  expect(await desk.findings('gb', 10)).toMatchObject([
    { messageId: forgotten, kind: 'unknown_here', way: 'sent', receipts: 2, healedAt: null },
  ]);
  expect(await compare(gb, vn, today())).toEqual(['received unknown_there 1']);
  expect((await alarmsOf(databases.gb)).map(({ kind }) => kind)).toEqual(['manifest_unexplained']);
});

it('settle a message by a receipt that was here before, where the partner has it back', async () => {
  const [id] = await delivered(1);
  // As after a failover, and the failover back: the partner lost it, and has it again with what it had signed.
  const restore = await backup(databases.gb);
  await databases.gb.owner.query('DELETE FROM inbox');
  await databases.gb.owner.query('DELETE FROM receipt');
  expect(await compare(vn, gb, today())).toEqual(['sent lost_there 1']);
  await restore();
  await deliverAll(vn, gb);
  expect(await statesOf([id!])).toEqual(['received']);
  expect(await compare(vn, gb, today())).toEqual([]);
  expect(await statesOf([id!])).toEqual(['delivered']);
});

it('read a day of 100,000 messages by the index, in pages', async () => {
  const { after, to } = reconciling.idsOf('2026-11-20');
  await databases.gb.owner.query(
    `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, digest, received_at, expires_at, state)
     SELECT 'vn', (left($1, 14) || '7' || lpad(to_hex(n % 4096), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'k', 'normal', 's',
       'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg', now(), now() + interval '1 day', 'filed'
     FROM generate_series(1, 100000) AS n`,
    [after],
  );
  await databases.gb.owner.query('ANALYZE inbox');
  const plan = await databases.gb.owner.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT id, digest, state FROM inbox WHERE sender_node = 'vn' AND id > '${after}' AND id < '${to}'
       AND state IN ('stored', 'held', 'filed') ORDER BY id LIMIT 5000`,
  );
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain('Index Scan using inbox_pkey');
  expect(text).not.toMatch(/Seq Scan|Sort/);
  const { claims } = await reconciling.makeManifest('vn', '2026-11-20', comparing(gb, vn));
  expect(claims.received.count).toBe(100_000);
});

describe('comparisons', () => {
  const MINH = { id: 'minh', roles: ['registration_officer'] };
  const rounds = () => manifestWork.roundStore(databases.vn.worker);
  const desk = () => manifestWork.manifestDesk(databases.vn.monitor, () => ['gb', 'kh']);
  const planned = () =>
    databases.vn.owner.query<{ partner: string; reason: string }>(
      'SELECT partner, reason FROM manifest_round WHERE finished_at IS NULL ORDER BY requested_at, partner',
    );

  it('are asked for by operators, taken by one worker, and show what was found', async () => {
    const day = today();
    const id = await desk().request('gb', reconciling.dayBefore(day), day, MINH);
    const taken = await Promise.all([rounds().take(), rounds().take()]);
    expect(taken.filter(Boolean)).toEqual([
      { id, partner: 'gb', since: reconciling.dayBefore(day), until: day, reason: 'operator' },
    ]);
    const agrees = { mine: 1, theirs: 1, agrees: true };
    await rounds().note(id, [{ day, sent: agrees, received: agrees }]);
    await rounds().finish(id, true);
    expect(await desk().find(id)).toMatchObject({ ok: true, days: [{ day, sent: agrees }], code: null });
    expect((await desk().rounds('gb', 5)).map((round) => round.id)).toEqual([id]);
    const [act] = await databases.vn.owner.query('SELECT act, object FROM operator_log ORDER BY seq DESC LIMIT 1');
    expect(act).toEqual({ act: 'manifests_compared', object: 'gb' });
  });

  it('are not asked for with a stranger, or for days that are none', async () => {
    const refused = (partner: string, since: string, until: string) =>
      desk()
        .request(partner, since, until, MINH)
        .then(
          () => 'taken',
          (error: unknown) => (error as { code: string }).code,
        );
    expect(await refused('zz', today(), today())).toBe('not_found');
    expect(await refused('gb', '2026-11-30', '2026-11-29')).toBe('bad_request');
    expect(await refused('gb', '2020-01-01', '2026-11-29')).toBe('bad_request');
    expect(await refused('gb', 'x', '2026-11-29')).toBe('bad_request');
  });

  it('are planned once a day for each partner, once after a start, and not while one of those waits', async () => {
    const [since, day] = [reconciling.dayBefore(today(), 31), today()];
    await rounds().plan(['gb', 'kh'], since, day);
    await rounds().plan(['gb', 'kh'], since, day);
    await rounds().planStart(['gb', 'kh'], since, day);
    expect(await planned()).toEqual([
      { partner: 'gb', reason: 'daily' },
      { partner: 'kh', reason: 'daily' },
    ]);
    for (let round = await rounds().take(); round; round = await rounds().take()) await rounds().finish(round.id, true);
    await rounds().planStart(['gb'], since, day);
    expect(await planned()).toEqual([]);
    await databases.vn.owner.query(`UPDATE manifest_round SET finished_at = finished_at - interval '1 hour'`);
    await rounds().planStart(['gb'], since, day);
    expect(await planned()).toEqual([{ partner: 'gb', reason: 'start' }]);
  });

  it('are planned anew when the database has failed over, in the place of what waited', async () => {
    const day = today();
    await rounds().plan(['gb'], day, day);
    await databases.vn.owner.query(`UPDATE manifest_round SET mark = $1 || ' 000000FF'`, [day]);
    await rounds().plan(['gb'], day, day);
    expect(await planned()).toEqual([{ partner: 'gb', reason: 'failover' }]);
  });

  it('go on when their worker has ended, wait when the partner does not answer, and leave suspended ones alone', async () => {
    const day = today();
    await rounds().plan(['gb'], day, day);
    const { id } = (await rounds().take())!;
    expect(await rounds().take()).toBeUndefined();
    await databases.vn.owner.query(`UPDATE manifest_round SET taken_until = now() - interval '1 second'`);
    expect(await rounds().take()).toMatchObject({ id });
    await rounds().putOff(id, 'partner_unreachable');
    expect(await rounds().take()).toBeUndefined();
    await databases.vn.owner.query('UPDATE manifest_round SET due_at = now()');
    await databases.vn.owner.query(
      `INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', 'a test', 'minh') ON CONFLICT DO NOTHING`,
    );
    expect(await rounds().take()).toBeUndefined();
    await databases.vn.owner.query('DELETE FROM partner_hold');
    expect(await rounds().take()).toMatchObject({ id });
  });

  it('that a partner makes us wish are one that waits, and the next not at once', async () => {
    const answers = manifestWork.manifestAnswers(databases.vn.gateway, 'vn');
    await answers.wish('gb', '2026-11-28');
    await answers.wish('gb', '2026-11-26');
    await answers.wish('gb', '2026-11-29');
    expect(await rounds().take()).toMatchObject({ since: '2026-11-26', until: '2026-11-29', reason: 'partner' });
    await answers.wish('gb', '2026-11-29');
    expect(await planned()).toHaveLength(2);
    expect(await rounds().take()).toBeUndefined();
  });

  it('are forgotten with what they found, once it is healed and old enough', async () => {
    await delivered(1);
    await databases.gb.owner.query('DELETE FROM inbox');
    await databases.gb.owner.query('DELETE FROM receipt');
    await compare(vn, gb, today());
    await rounds().plan(['gb'], today(), today());
    const left = async () =>
      Promise.all(
        ['manifest', 'manifest_finding', 'manifest_round', 'manifest_day'].map(
          async (table) => (await databases.vn.owner.query(`SELECT FROM ${table}`)).length,
        ),
      );
    expect(await left()).toEqual([2, 1, 1, 1]);
    const later = new Date(Date.now() + 1000);
    await rounds().forget(later);
    expect(await left()).toEqual([0, 1, 1, 1]);
    await databases.vn.owner.query('UPDATE manifest_finding SET healed_at = now()');
    await databases.vn.owner.query('UPDATE manifest_round SET finished_at = now()');
    await rounds().forget(later);
    expect(await left()).toEqual([0, 0, 0, 1]);
  });
});
