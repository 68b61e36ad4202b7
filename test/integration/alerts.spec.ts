import { randomUUID } from 'node:crypto';
import { alarmStore, alerts } from '../../libs/storage';
import { forgetAll, monitorOf, seconds, setting } from './alerts-fixture';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { moveClock } from './moved-clock-fixture';
import { putOutbox } from './rows-fixture';
import { signedWorld } from './directory-fixture';

/** Alerts as the role `monitor` keeps them: alarms are folded, conditions judged, people told. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('alerts');
});
afterAll(() => node?.remove());
beforeEach(() => forgetAll(node));

const NOTHING = { mail: [], webhook: [] };
/** Of two that were raised in one look neither is the first. */
const open = async () =>
  (await monitorOf(node).store.open())
    .map(({ kind, subject, level, state, count }) => ({ kind, subject, level, state, count }))
    .toSorted((a, b) => `${a.kind} ${a.subject}`.localeCompare(`${b.kind} ${b.subject}`));

describe('alarms', () => {
  it('are folded once each, by what is not folded and not by their number', async () => {
    const { look } = monitorOf(node);
    // A row with a higher number is committed first, as it happens when two processes raise at the same time.
    const late = await node.worker.transaction(async (query) => {
      await query(`INSERT INTO alarm (kind, subject, code) VALUES ('file_infected', 'late', 'file_infected')`);
      await alarmStore(node.gateway)('id_reused', 'early', 'id_reused');
      await look(new Date());
      return open();
    });
    expect(late).toMatchObject([{ kind: 'id_reused', subject: 'early', count: 1 }]);
    await look(new Date());
    await look(new Date());
    expect(await open()).toEqual([
      { kind: 'file_infected', subject: 'late', level: 'high', state: 'new', count: 1 },
      { kind: 'id_reused', subject: 'early', level: 'high', state: 'new', count: 1 },
    ]);
    expect(await node.owner.query('SELECT 1 FROM alarm WHERE NOT folded')).toEqual([]);
  });

  it('of a kind that this monitor does not know wait for one that does', async () => {
    await node.owner.query(`INSERT INTO alarm (kind, subject) VALUES ('of_the_future', 'x'), ('file_damaged', 'y')`);
    await monitorOf(node).look(new Date());
    expect(await open()).toMatchObject([{ kind: 'file_damaged' }]);
    expect(await node.owner.query('SELECT kind FROM alarm WHERE NOT folded')).toEqual([{ kind: 'of_the_future' }]);
  });

  it('about one thing become one alert, and silence grows heavier with each mark', async () => {
    const { look } = monitorOf(node);
    for (const [level, state] of [
      ['warn', 'new'],
      ['high', 'new'],
      ['critical', 'new'],
      ['critical', 'new'],
    ]) {
      await alarmStore(node.worker)('no_acknowledgement', 'message 1');
      await look(new Date());
      expect(await open()).toMatchObject([{ kind: 'no_acknowledgement', level, state }]);
    }
    expect(await open()).toMatchObject([{ count: 4 }]);
  });

  it('go on counting silence where an operator has closed the alert in between', async () => {
    const { look } = monitorOf(node);
    await alarmStore(node.worker)('no_acknowledgement', 'message 1');
    await look(new Date());
    const [alert] = await monitorOf(node).store.open();
    await node.monitor.transaction((query) =>
      alerts.changeAlert(query, alert!.id, { event: 'resolved', at: new Date() }, NOTHING, randomUUID),
    );
    await alarmStore(node.worker)('no_acknowledgement', 'message 1');
    await look(new Date());
    expect(await open()).toEqual([
      { kind: 'no_acknowledgement', subject: 'message 1', level: 'high', state: 'new', count: 1 },
    ]);
  });

  it('that hold a word of a planted case are told without it', async () => {
    const monitor = monitorOf(node, ['Lê Thị Mưa Ngâu']);
    await alarmStore(node.office)('integrity_failure', 'LÊ THỊ MƯA NGÂU', undefined, { detail: 'lê thị mưa ngâu' });
    await monitor.look(new Date());
    expect(await open()).toMatchObject([
      { kind: 'canary_found', subject: 'alarm', level: 'critical' },
      { kind: 'integrity_failure', subject: 'unreadable' },
    ]);
    const kept = await node.owner.query('SELECT to_jsonb(a)::text AS text FROM alert a');
    expect(JSON.stringify(kept).toLowerCase()).not.toContain('mưa ngâu');
  });
});

describe('conditions', () => {
  it('rise, grow worse, hold and recover', async () => {
    const { look } = monitorOf(node);
    const now = new Date();
    const [id] = await putOutbox(node.owner, [{ createdAt: seconds(now, -16 * 60) }, { createdAt: seconds(now, -60) }]);
    await look(now);
    expect(await open()).toEqual([{ kind: 'oldest_unsent', subject: 'gb', level: 'warn', state: 'new', count: 1 }]);
    const [alert] = await monitorOf(node).store.open();
    expect(alert!.detail).toBe('2 wait; the oldest for 16 min.');

    await node.monitor.transaction((query) =>
      alerts.changeAlert(query, alert!.id, { event: 'acknowledged', at: now, by: 'op1' }, NOTHING, randomUUID),
    );
    await look(seconds(now, 10));
    expect(await open()).toMatchObject([{ level: 'warn', state: 'acknowledged' }]);
    await look(seconds(now, 2 * 3600));
    expect(await open()).toMatchObject([{ level: 'high', state: 'new', count: 1 }]);

    await node.owner.query(`UPDATE outbox SET state = 'received' WHERE id = $1`, [id]);
    await node.owner.query(`UPDATE outbox SET state = 'delivered' WHERE id <> $1`, [id]);
    const calm = seconds(now, 2 * 3600);
    expect((await look(seconds(calm, 59)))!.tells).toEqual([]);
    expect((await look(seconds(calm, 60)))!.tells).toMatchObject([{ event: 'recovered', alert: { tells: 3 } }]);
    expect(await open()).toEqual([]);
  });

  it('are read from what every process has written down', async () => {
    const now = new Date();
    const { signed } = await newDirectory();
    await node.owner.query('INSERT INTO directory_document (version, signed) VALUES (3, $1)', [signed]);
    await putOutbox(node.owner, [{ lane: 'emergency', createdAt: seconds(now, -11 * 60) }]);
    await beat('worker', 'host-1', {
      diskFree: 0.19,
      tls: { fingerprint: 'ab'.repeat(32), validTo: seconds(now, 20 * 86_400).toISOString() },
      keys: [
        { kid: 'vn.r1', use: 'receipt', validTo: seconds(now, 3 * 86_400).toISOString(), state: 'active' },
        { kid: 'vn.r0', use: 'receipt', validTo: seconds(now, -86_400).toISOString(), state: 'retired' },
      ],
    });
    await beat('office', 'host-2', { signInFailures: 7 });
    await beat('office', 'host-2', { signInFailures: 3 });
    await beat('gateway', 'host-2', {}, 61);
    for (const [fingerprint, first, last] of [
      ['cd'.repeat(32), -86_400, -3600],
      ['ef'.repeat(32), -3000, 0],
    ] as const)
      await node.owner.query(
        `INSERT INTO partner_link (partner, side, fingerprint, valid_from, valid_to, first_seen, last_seen)
         VALUES ('gb', 'in', $1, now(), now() + interval '300 days', $2, $3)`,
        [fingerprint, seconds(now, first), seconds(now, last)],
      );
    await node.owner.query(
      `INSERT INTO partner_watch (partner, asked_at, answered_at, clock_offset_ms, clock_doubt_ms)
       VALUES ('gb', now(), now(), 31500, 200), ('kh', now(), now(), 100, 10), ('la', now(), now(), -100, 10)`,
    );
    await node.owner.query(`INSERT INTO partner_hold (partner, reason, held_by) VALUES ('kh', 'r', 'op1')`);
    await node.owner.query(`INSERT INTO queue_hold (queue, reason, held_by) VALUES ('ingest', 'r', 'op1')`);
    await node.owner.query(
      `INSERT INTO backup_run (at, ok, bytes) VALUES (now() - interval '27 hours', true, 1), (now(), false, 0)`,
    );
    for (const ago of [3, 2, 1])
      await node.owner.query(
        `INSERT INTO partner_ping (id, partner, scheduled, ended_at, outcome, code)
         VALUES ($1, 'la', true, now() - make_interval(mins => $2), 'failed', 'partner_timeout')`,
        [randomUUID(), ago],
      );
    await monitorOf(node).look(now, () => true);
    const found = (await monitorOf(node).store.open()).map(({ kind, subject, level }) => `${kind} ${subject} ${level}`);
    expect(found.toSorted()).toEqual(
      [
        'emergency_unsent gb high',
        'disk_low host-1 warn',
        `certificate_expiring ${'ab'.repeat(8)} warn`,
        'key_expiring vn receipt held high',
        'sign_in_failures office high',
        `partner_certificate_changed gb in ${'ef'.repeat(8)} critical`,
        'clock_skew gb high',
        'partner_held kh warn',
        'queue_held ingest warn',
        'backup_old vn high',
        'ping_failed la high',
        'directory_expiring directory high',
      ].toSorted(),
    );
  });

  it('that only an operator ends are not raised again while they can still be seen', async () => {
    const now = new Date();
    await node.owner.query(
      `INSERT INTO partner_link (partner, side, fingerprint, valid_from, valid_to, first_seen, last_seen) VALUES
       ('gb', 'out', 'aaaa', now(), now() + interval '300 days', now() - interval '3 days', now() - interval '1 day'),
       ('gb', 'out', 'bbbb', now(), now() + interval '300 days', now() - interval '2 hours', now())`,
    );
    const { look, store } = monitorOf(node);
    await look(now);
    const [alert] = await store.open();
    expect(alert).toMatchObject({ kind: 'partner_certificate_changed', subject: 'gb out bbbb' });
    await node.monitor.transaction((query) =>
      alerts.changeAlert(query, alert!.id, { event: 'resolved', at: now }, NOTHING, randomUUID),
    );
    await look(seconds(now, 10));
    expect(await open()).toEqual([]);
  });

  it('about the clock of the database come when it differs from that of the monitor, and end with that', async () => {
    const { look } = monitorOf(node);
    try {
      moveClock(-60_000);
      await look(new Date());
      expect(await open()).toMatchObject([{ kind: 'clock_skew', subject: 'database', level: 'high', state: 'new' }]);
    } finally {
      jest.useRealTimers();
    }
    for (let n = 0; n < 10; n += 1) await look(seconds(new Date(), n * 60));
    expect(await open()).toEqual([]);
  });

  it('about processes are not raised at the first look: a restart is no outage', async () => {
    const { look } = monitorOf(node);
    await look(new Date(), () => true);
    expect(await open()).toEqual([]);
  });
});

const beat = (app: string, host: string, facts: object, agoS = 0) =>
  node.owner.query(
    `INSERT INTO process_beat (id, app, host, version, started_at, beat_at, facts)
     VALUES ($1, $2, $3, '0', now(), now() - make_interval(secs => $4), $5)`,
    [randomUUID(), app, host, agoS, JSON.stringify(facts)],
  );

async function newDirectory() {
  const { sign } = await signedWorld();
  const end = new Date(Date.now() + 13 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
  return { signed: await sign({ version: 3, expiresAt: end }) };
}

describe('messages that came to nothing', () => {
  it('recover when they come through after all', async () => {
    const { look } = monitorOf(node);
    const [id] = await putOutbox(node.owner, [{ state: 'undeliverable' }]);
    await alarmStore(node.worker)('undeliverable', id!, 'expired');
    await look(new Date());
    await look(new Date());
    expect(await open()).toMatchObject([{ kind: 'message_undeliverable', subject: id, count: 1 }]);
    await node.owner.query(`UPDATE outbox SET state = 'queued'`);
    await look(new Date());
    expect(await open()).toHaveLength(1);
    await node.owner.query(`UPDATE outbox SET state = 'delivered'`);
    expect((await look(new Date()))!.tells).toMatchObject([{ event: 'recovered' }]);
    expect(await open()).toEqual([]);
  });
});

describe('several monitors', () => {
  it('fold each alarm once', async () => {
    for (let number = 0; number < 40; number += 1)
      await alarmStore(node.worker)('file_stuck', `file ${number}`, 'partner_timeout');
    await setting(node, 'alert_mail_to', ['ops@vn.example']);
    const monitors = [monitorOf(node), monitorOf(node), monitorOf(node)];
    const results = await Promise.all(monitors.map(({ look }) => look(new Date())));
    await Promise.all(monitors.map(({ look }) => look(new Date())));
    expect(results.some((result) => result !== undefined)).toBe(true);
    expect(await node.owner.query('SELECT count(*)::int AS count, sum(count)::int AS times FROM alert')).toEqual([
      { count: 40, times: 40 },
    ]);
    expect(await node.owner.query('SELECT count(*)::int AS count FROM alert_tell')).toEqual([{ count: 40 }]);
  });

  it('leave the round to the one that is at it', async () => {
    await node.monitor.transaction(async (query) => {
      await query(`SELECT pg_advisory_xact_lock(hashtextextended('trao.alerts', 0))`);
      expect(await monitorOf(node).look(new Date())).toBeUndefined();
    });
    expect(await monitorOf(node).look(new Date())).toEqual({ alerts: [], tells: [] });
  });
});

describe('what an operator does', () => {
  it('is refused for an alert that is not known or has ended', async () => {
    const { look, store } = monitorOf(node);
    await alarmStore(node.worker)('file_damaged', 'file 1');
    const now = new Date();
    await look(now);
    const [alert] = await store.open();
    const change = (id: string) =>
      node.monitor.transaction((query) =>
        alerts.changeAlert(
          query,
          id,
          { event: 'resolved', at: now },
          { mail: ['a@x.example'], webhook: [] },
          randomUUID,
        ),
      );
    await expect(change(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
    expect(await change(alert!.id)).toMatchObject({
      before: { state: 'new' },
      after: { state: 'resolved', resolvedAt: now },
    });
    await expect(change(alert!.id)).rejects.toMatchObject({ code: 'alert_resolved' });
    const shown = await alerts.showAlert(node.monitor.query, alert!.id);
    expect(shown).toMatchObject({
      alert: { state: 'resolved' },
      tells: [{ event: 'recovered', channel: 'mail', target: 'a@x.example', attempts: 0, sentAt: undefined }],
    });
    expect(await alerts.showAlert(node.monitor.query, randomUUID())).toBeUndefined();
  });

  it('sees alerts in pages, by state, level, kind and subject', async () => {
    const { look } = monitorOf(node);
    const start = new Date('2026-11-01T00:00:00Z');
    for (let number = 0; number < 5; number += 1) {
      await alarmStore(node.worker)(number % 2 === 0 ? 'file_damaged' : 'receipt_refused', `thing ${number}`);
      await look(seconds(start, number));
    }
    const list = async (filter: alerts.AlertFilter, limit = 10) =>
      (await alerts.listAlerts(node.monitor.query, filter, limit)).map(({ subject }) => subject);
    expect(await list({})).toEqual(['thing 4', 'thing 3', 'thing 2', 'thing 1', 'thing 0']);
    const [, second] = await alerts.listAlerts(node.monitor.query, {}, 2);
    expect(await list({ after: second })).toEqual(['thing 2', 'thing 1', 'thing 0']);
    expect(await list({ levels: ['warn'] })).toEqual(['thing 3', 'thing 1']);
    expect(await list({ kinds: ['file_damaged'], states: ['new'], subject: 'thing 2' })).toEqual(['thing 2']);
    expect(await list({ states: ['resolved'] })).toEqual([]);
  });
});

it('notes once a minute what waits in each lane', async () => {
  const now = new Date();
  await putOutbox(node.owner, [
    { createdAt: seconds(now, -90) },
    { lane: 'emergency', createdAt: seconds(now, -5) },
    {},
  ]);
  const { store } = monitorOf(node);
  await store.sampleDepth(await store.facts([]), now);
  await store.sampleDepth(await store.facts([]), now);
  expect(await node.owner.query('SELECT lane, waiting, oldest_s FROM depth_sample ORDER BY lane')).toEqual([
    { lane: 'emergency', waiting: 1, oldest_s: 5 },
    { lane: 'normal', waiting: 2, oldest_s: 90 },
    { lane: 'urgent', waiting: 0, oldest_s: 0 },
  ]);
});
