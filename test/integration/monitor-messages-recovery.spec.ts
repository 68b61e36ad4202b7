import { randomUUID } from 'node:crypto';
import { recovering } from '../../libs/monitoring';
import { watched } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { inSeconds, many, putOutbox, rowOf } from './rows-fixture';

/** Sending again, one message or many, as the monitor's own role may. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('monitor_recovery');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    'TRUNCATE outbox, attempt, delivery_event, receipt, recovery, recovery_item, operator_log, superseded, partner_hold, queue_hold',
  ),
);

const OPERATOR = { id: 'monitor/operator', roles: ['operator_read', 'operator_act'] };
const PLAN: recovering.RecoverPlan = {
  partner: 'gb',
  since: inSeconds(-3600),
  until: inSeconds(3600),
  states: ['failed'],
  perMinute: 2,
};

const acts = () =>
  node.monitor.query<{ act: string; object: string; after: Record<string, unknown> | null }>(
    'SELECT act, object, after FROM operator_log ORDER BY seq',
  );
const stateOf = async (id: string) => (await rowOf(node.owner, 'outbox', id))!.state;

describe('a recovery', () => {
  it('counts first, shows a sample, and finds only what its plan says', async () => {
    await putOutbox(node.owner, many(12, { state: 'undeliverable' }));
    await putOutbox(node.owner, [
      { state: 'undeliverable', partner: 'th' },
      { state: 'undeliverable', createdAt: inSeconds(-7200) },
      { state: 'undeliverable', expiresAt: inSeconds(-1) },
      { state: 'refused' },
      { state: 'delivered' },
    ]);
    await putOutbox(node.owner, many(3, { state: 'queued' }));
    const [tried] = await putOutbox(node.owner, [{ state: 'queued' }]);
    await node.owner.query('UPDATE outbox SET attempts = 1 WHERE id = $1', [tried]);
    await putOutbox(node.owner, many(2, { state: 'sending' }));
    const count = async (...states: recovering.Recoverable[]) =>
      (await watched.previewRecovery(node.monitor, { ...PLAN, states })).found;
    expect(await count('failed')).toBe(12);
    expect(await count('never_tried')).toBe(3);
    expect(await count('waiting')).toBe(3);
    expect(await count('failed', 'never_tried', 'waiting')).toBe(18);
    const { sample } = await watched.previewRecovery(node.monitor, PLAN, 4);
    expect(sample).toHaveLength(4);
    expect(sample[0]).toMatchObject({ state: 'undeliverable', lane: 'normal', attempts: 0 });
  });

  it('sends again at the rate that was asked for, writes it down, and starts once for one form', async () => {
    const ids = await putOutbox(node.owner, many(4, { state: 'undeliverable' }));
    const recovery = randomUUID();
    await Promise.all([1, 2].map(() => watched.startRecovery(node.monitor, OPERATOR, recovery, PLAN)));
    const store = watched.recoveries(node.monitor);
    expect(await store.byId(recovery)).toMatchObject({
      partner: 'gb',
      total: 4,
      requestedBy: OPERATOR.id,
      stoppedAt: null,
    });
    expect(await acts()).toMatchObject([
      { act: 'recovery_started', object: recovery, after: { messages: 4, partner: 'gb' } },
    ]);
    const rows = await Promise.all(ids.map((id) => rowOf(node.owner, 'outbox', id)));
    expect(rows.map((row) => row!.state)).toEqual(many(4, 'queued'));
    const waits = rows.map((row) => row!.due_in).toSorted((a, b) => a - b);
    // Two a minute: half a minute lies between one and the next.
    expect(waits.map((wait) => Math.round((wait - waits[0]!) / 30))).toEqual([0, 1, 2, 3]);
    expect(await store.messages(recovery, 2, 10)).toMatchObject([
      { ordinal: 2, state: 'queued', tried: false },
      { ordinal: 3 },
    ]);
    expect(await store.counts(recovery)).toEqual([
      { state: 'queued', formerState: 'undeliverable', tried: false, count: 4 },
    ]);
  });

  it('that finds nothing, or more than may be sent at once, leaves nothing behind', async () => {
    await expect(watched.startRecovery(node.monitor, OPERATOR, randomUUID(), PLAN)).rejects.toMatchObject({
      code: 'bad_request',
      faults: [{ code: 'none_to_resend' }],
    });
    await node.owner.query(
      `INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, digest, created_at, expires_at, state)
       SELECT gen_random_uuid(), 'gb', 'kid', 'normal', 'sealed', 'd', now(), now() + interval '1 day', 'undeliverable'
       FROM generate_series(1, $1)`,
      [recovering.MAX_RECOVERED + 1],
    );
    await expect(watched.startRecovery(node.monitor, OPERATOR, randomUUID(), PLAN)).rejects.toMatchObject({
      faults: [{ code: 'too_many_to_resend' }],
    });
    expect(await watched.recoveries(node.monitor).newest(10)).toEqual([]);
    expect(await acts()).toEqual([]);
  });

  it('can be stopped: what it has not tried yet is what it was', async () => {
    const [first, second] = (await putOutbox(node.owner, many(2, { state: 'undeliverable' }))) as [string, string];
    await node.owner.query(`UPDATE outbox SET code = 'bad_request'`);
    const recovery = randomUUID();
    await watched.startRecovery(node.monitor, OPERATOR, recovery, PLAN);
    await node.owner.query(`UPDATE outbox SET state = 'delivered' WHERE id = $1`, [first]);
    await watched.stopRecovery(node.monitor, OPERATOR, recovery);
    await watched.stopRecovery(node.monitor, OPERATOR, recovery);
    expect(await stateOf(first)).toBe('delivered');
    expect(await rowOf(node.owner, 'outbox', second)).toMatchObject({ state: 'undeliverable', code: 'bad_request' });
    expect((await acts()).map(({ act }) => act)).toEqual(['recovery_started', 'recovery_stopped']);
    const [stopped] = await watched.recoveries(node.monitor).newest(1);
    expect(stopped).toMatchObject({ stoppedBy: OPERATOR.id, stoppedAt: expect.any(Date) as Date });
    await expect(watched.stopRecovery(node.monitor, OPERATOR, randomUUID())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('one message', () => {
  it('is sent again, once for one form', async () => {
    const [id] = (await putOutbox(node.owner, [{ state: 'undeliverable' }])) as [string];
    const recovery = randomUUID();
    await watched.resendMessage(node.monitor, OPERATOR, recovery, id);
    await watched.resendMessage(node.monitor, OPERATOR, recovery, id);
    expect(await stateOf(id)).toBe('queued');
    expect(await acts()).toMatchObject([{ act: 'message_resent', object: id, after: { recovery } }]);
  });

  it.each(['received', 'delivered', 'opened', 'refused', 'expired'])('that is %s is not', async (state) => {
    const [id] = (await putOutbox(node.owner, [{ state }])) as [string];
    await expect(watched.resendMessage(node.monitor, OPERATOR, randomUUID(), id)).rejects.toMatchObject({
      code: 'resend_refused',
    });
    expect(await stateOf(id)).toBe(state);
    expect(await watched.recoveries(node.monitor).newest(1)).toEqual([]);
    expect(await acts()).toEqual([]);
  });

  it('that nobody sent is not found', async () => {
    await expect(watched.resendMessage(node.monitor, OPERATOR, randomUUID(), randomUUID())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is shown with its states, attempts, receipts, former digests and what holds it up', async () => {
    const [id] = (await putOutbox(node.owner, [{ state: 'sending', lane: 'emergency' }])) as [string];
    await node.owner.query(
      `INSERT INTO attempt (message_id, at, duration_ms, code, host, tls, http_status, worker)
       VALUES ($1, now(), 12, 'partner_error', 'gb.example', 'TLSv1.3', 500, 'vn-1')`,
      [id],
    );
    await node.owner.query(`INSERT INTO delivery_event (message_id, state) VALUES ($1, 'queued'), ($1, 'sending')`, [
      id,
    ]);
    await node.owner.query(`INSERT INTO superseded (message_id, recipient_kid, digest) VALUES ($1, 'kid', 'before')`, [
      id,
    ]);
    await node.owner.query(
      `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, state)
       VALUES (gen_random_uuid(), 'gb', $1, 'vn', 'received', 'digest', 'token', now(), 'obtained')`,
      [id],
    );
    await node.owner.query(`INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', 'exercise', 'ann')`);
    await node.owner.query(
      `INSERT INTO queue_hold (queue, reason, held_by) VALUES ('emergency', 'exercise', 'ann'), ('partner', 'other', 'ann')`,
    );
    const [message, ...more] = await watched.messagesWithId(node.monitor, 'vn', id);
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      id,
      direction: 'sent',
      states: [{ state: 'queued' }, { state: 'sending' }],
      tries: [
        { durationMs: 12, code: 'partner_error', host: 'gb.example', tls: 'TLSv1.3', httpStatus: 500, worker: 'vn-1' },
      ],
      receipts: [{ issuer: 'gb', event: 'received', state: 'obtained' }],
      otherDigests: [{ digest: 'before' }],
      holds: [
        { what: 'partner', name: 'gb' },
        { what: 'queue', name: 'emergency' },
      ],
    });
  });
});

describe('the overview', () => {
  it('counts by partner what waits, what failed, and what holds it up', async () => {
    await putOutbox(node.owner, [
      { state: 'queued', createdAt: inSeconds(-600), lane: 'emergency' },
      { state: 'undeliverable' },
      { state: 'undeliverable', createdAt: inSeconds(-86_500) },
    ]);
    await node.owner.query(`INSERT INTO partner_hold (partner, reason, held_by) VALUES ('gb', 'exercise', 'ann')`);
    const { partners } = await watched.overviewFacts(node.monitor, ['gb', 'th']);
    expect(partners).toMatchObject([
      { partner: 'gb', waiting: 1, failed: 1, lastIn: null, heldReason: 'exercise', certificateEnds: null },
      { partner: 'th', waiting: 0, failed: 0, lastOut: null, heldSince: null },
    ]);
    expect(partners[0]!.oldestEmergencyAt).toEqual(partners[0]!.oldestAt);
  });

  it('has messages by the hour in which they were handed in, and how long it took until they were filed', async () => {
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 7_200_000);
    const at = (seconds: number) => new Date(hour.getTime() + seconds * 1000);
    const states = ['delivered', 'opened', 'received', 'queued', 'refused', 'expired', 'undeliverable'];
    const rows = states.map((state, n) => ({ state, createdAt: at(n) }));
    const [first, second] = (await putOutbox(node.owner, rows)) as [string, string];
    const events = [
      [first, at(10)],
      [second, at(31)],
    ] as const;
    for (const event of events)
      await node.owner.query(`INSERT INTO delivery_event (message_id, state, at) VALUES ($1, 'delivered', $2)`, event);
    const found = await watched.hoursSince(node.monitor, hour);
    expect(found).toEqual([{ hour, arrived: 3, failed: 3, waiting: 1, p50: 20, p95: 29 }]);
  });

  it('has the deepest that each lane was within an hour', async () => {
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    await node.owner.query('TRUNCATE depth_sample');
    await node.owner.query(
      `INSERT INTO depth_sample VALUES ($1, 'normal', 7, 60), ($1::timestamptz + interval '1 minute', 'normal', 5, 60),
         ($1, 'urgent', 1, 1)`,
      [hour],
    );
    expect(await watched.depthsSince(node.monitor, hour)).toEqual([
      { at: hour, lane: 'normal', waiting: 7 },
      { at: hour, lane: 'urgent', waiting: 1 },
    ]);
  });
});
