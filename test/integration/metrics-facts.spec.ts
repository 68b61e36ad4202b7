import { randomUUID } from 'node:crypto';
import { Metrics, nodeGauges } from '../../libs/telemetry';
import { metricsFacts } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';

/** The numbers behind the metrics, read with the rights of the monitor and no others. */
let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('metrics');
});
afterAll(() => node?.remove());
beforeEach(() =>
  node.owner.query(
    'TRUNCATE outbox, inbox, receipt, circuit, partner_watch, partner_link, process_beat, alert RESTART IDENTITY CASCADE',
  ),
);

const facts = () => metricsFacts(node.monitor, 'vn');

/** Fills a table with rows that have what a test is about, and something in every other column that must not be empty. */
async function insert(table: string, ...rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const columns = await node.owner.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`,
    [table],
  );
  const filling: Readonly<Record<string, () => unknown>> = {
    uuid: randomUUID,
    text: () => 'x',
    bytea: () => Buffer.from('x'),
    integer: () => 0,
    bigint: () => 0,
    jsonb: () => '{}',
  };
  for (const row of rows) {
    const filled = Object.fromEntries(
      columns.map(({ name, type }) => [name, (filling[type] ?? (() => new Date().toISOString()))()]),
    );
    const values = { ...filled, ...row };
    const names = Object.keys(values);
    await node.owner.query(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(values),
    );
  }
}
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

it('counts messages by partner, lane and state, and how old the oldest is', async () => {
  const row = (recipient_node: string, lane: string, state: string, age: number) => ({
    recipient_node,
    lane,
    state,
    created_at: ago(age),
  });
  await insert(
    'outbox',
    row('gb', 'normal', 'queued', 10),
    row('gb', 'normal', 'queued', 600),
    row('gb', 'normal', 'received', 50),
    row('kh', 'emergency', 'sending', 5),
    row('kh', 'emergency', 'undeliverable', 9_000),
    row('gb', 'normal', 'delivered', 99_999),
    row('gb', 'normal', 'opened', 99_999),
  );
  const { outbox } = await facts();
  const shown = outbox.map(({ partner, lane, state, count }) => `${partner} ${lane} ${state} ${count}`);
  expect(shown.toSorted()).toEqual([
    'gb normal queued 2',
    'gb normal received 1',
    'kh emergency sending 1',
    'kh emergency undeliverable 1',
  ]);
  const queued = outbox.find(({ state }) => state === 'queued')!;
  expect(queued.oldestS).toBeGreaterThanOrEqual(600);
  expect(queued.oldestS).toBeLessThan(700);
});

it('counts what waits to be filed, and receipts that wait for their partner', async () => {
  const inbox = (state: string) => ({ sender_node: 'gb', lane: 'urgent', state });
  await insert('inbox', inbox('stored'), inbox('held'), inbox('filed'));
  const receipt = (state: string) => ({ sender_node: 'gb', state });
  await insert('receipt', receipt('waiting'), receipt('handed'));
  const found = await facts();
  expect(found.inbox).toEqual([{ partner: 'gb', lane: 'urgent', count: 2 }]);
  expect(found.receipts).toEqual([{ partner: 'gb', count: 1 }]);
});

it('knows which partners do not answer, and whose clock is off', async () => {
  await insert('circuit', { partner: 'gb', failures: 3 }, { partner: 'kh', failures: 0 });
  await insert('partner_watch', { partner: 'gb', clock_offset_ms: 1_234 }, { partner: 'kh' });
  const found = await facts();
  expect(found.circuits.toSorted((a, b) => a.partner.localeCompare(b.partner))).toEqual([
    { partner: 'gb', open: true },
    { partner: 'kh', open: false },
  ]);
  expect(found.clocks).toEqual([{ partner: 'gb', offsetMs: 1_234 }]);
});

it('takes the certificate that a partner has shown last, and of our own the one that ends first', async () => {
  const [soon, later, latest] = ['2027-01-01', '2027-06-01', '2028-01-01'].map((day) => new Date(`${day}T00:00:00Z`));
  const link = (side: string, fingerprint: string, valid_to: Date, last_seen: Date) => ({
    partner: 'gb',
    side,
    fingerprint,
    valid_to,
    last_seen,
  });
  await insert(
    'partner_link',
    link('in', 'old', soon!, ago(100)),
    link('in', 'new', later!, ago(1)),
    link('out', 'a', latest!, ago(1)),
  );
  const tls = (app: string, validTo: Date, beat_at: Date) => ({
    app,
    beat_at,
    facts: JSON.stringify({ tls: { validTo } }),
  });
  await insert(
    'process_beat',
    tls('gateway', later!, ago(1)),
    tls('worker', latest!, ago(1)),
    tls('gateway', soon!, ago(61)), // it has gone silent
  );
  const { certificates } = await facts();
  expect(certificates.map(({ partner, side, validTo }) => [partner, side, validTo])).toEqual([
    ['gb', 'in', later],
    ['gb', 'out', latest],
    ['vn', 'own', later],
  ]);
});

it('takes of a series of keys the last one, and of the units the one whose series ends first', async () => {
  const key = (use: string, unit: string, day: string, state = 'active') => ({
    kid: randomUUID(),
    use,
    unit,
    validTo: `${day}T00:00:00.000Z`,
    state,
  });
  const keys = [
    key('encryption', 'vn.a', '2026-12-01'),
    key('encryption', 'vn.a', '2027-02-01'),
    key('encryption', 'vn.b', '2027-01-01'),
    key('encryption', 'vn.b', '2028-01-01', 'retired'),
    key('signing', 'vn.a', '2029-01-01'),
  ];
  await insert('process_beat', { app: 'worker', facts: JSON.stringify({ keys }) }, { app: 'office', facts: '{}' });
  const found = (await facts()).keys.toSorted((a, b) => a.use.localeCompare(b.use));
  expect(found).toEqual([
    { use: 'encryption', validTo: new Date('2027-01-01') },
    { use: 'signing', validTo: new Date('2029-01-01') },
  ]);
});

it('knows which processes live, which have gone silent, and how full their disk is', async () => {
  const beat = (app: string, age: number, diskFree: number) => ({
    app,
    beat_at: ago(age),
    facts: JSON.stringify({ diskFree }),
  });
  await insert('process_beat', beat('worker', 1, 0.5), beat('worker', 2, 0.4), beat('gateway', 90, 0.1));
  expect((await facts()).processes.toSorted((a, b) => a.app.localeCompare(b.app))).toEqual([
    { app: 'gateway', up: 0, diskFree: undefined },
    { app: 'monitor', up: 0, diskFree: undefined },
    { app: 'office', up: 0, diskFree: undefined }, // it has never run, and is in the list all the same
    { app: 'worker', up: 2, diskFree: 0.4 },
  ]);
});

it('counts alerts that are open', async () => {
  const alert = (state: string) => ({ kind: 'disk_low', subject: randomUUID(), level: 'high', state });
  await insert('alert', alert('new'), alert('new'), alert('acknowledged'), alert('resolved'));
  expect((await facts()).alerts.toSorted((a, b) => a.state.localeCompare(b.state))).toEqual([
    { kind: 'disk_low', level: 'high', state: 'acknowledged', count: 1 },
    { kind: 'disk_low', level: 'high', state: 'new', count: 2 },
  ]);
});

it('becomes metrics, whose labels are all admitted', async () => {
  await insert('outbox', { recipient_node: 'gb', lane: 'normal', state: 'queued', created_at: ago(10) });
  await insert('process_beat', {
    app: 'worker',
    facts: JSON.stringify({ diskFree: 0.5, tls: { validTo: '2027-01-01' } }),
  });
  await insert('circuit', { partner: 'gb', failures: 1 });
  const metrics = new Metrics('monitor');
  metrics.follow(nodeGauges(facts));
  const text = await metrics.text();
  expect(text).toContain('trao_facts_fresh 1');
  expect(text).toContain('trao_outbox_messages{partner="gb",lane="normal",state="queued"} 1');
  expect(text).toContain('trao_labels_refused_total 0');
});

it('says so when the database is away, instead of old numbers', async () => {
  const away = { query: () => Promise.reject(new Error('away')) };
  const metrics = new Metrics('monitor');
  metrics.follow(nodeGauges(() => metricsFacts(away, 'vn')));
  const text = await metrics.text();
  expect(text).toContain('trao_facts_fresh 0');
  expect(text).not.toMatch(/^trao_outbox_messages\{/m);
});
