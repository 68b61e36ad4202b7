import { randomUUID } from 'node:crypto';
import { METRICS, Metrics, nodeGauges, type MetricName, type NodeFacts, type Sample } from '.';

const lines = async (metrics: Metrics, name: string) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('the registry of a process', () => {
  it.each(['gateway', 'worker', 'office', 'monitor'])(
    'holds what the catalogue gives to the %s, and Node.js',
    async (app) => {
      const text = await new Metrics(app).text();
      const names = [...text.matchAll(/^# TYPE (trao_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
      const mine = (Object.keys(METRICS) as MetricName[]).filter((name) =>
        (METRICS[name].apps as readonly string[]).includes(app),
      );
      expect(names.toSorted()).toEqual(mine.map((name) => `${name} ${METRICS[name].type}`).toSorted());
      expect(text).toContain('nodejs_eventloop_lag_seconds');
      expect(text).toContain('process_resident_memory_bytes');
    },
  );

  it('counts nothing of another process', async () => {
    const metrics = new Metrics('office');
    metrics.count('trao_attempts_total', { partner: 'gb', outcome: 'received' });
    metrics.observe('trao_attempt_seconds', { partner: 'gb' }, 1);
    expect(await metrics.text()).not.toContain('trao_attempt');
  });

  it('counts and measures', async () => {
    const metrics = new Metrics('worker');
    metrics.count('trao_attempts_total', { partner: 'gb', outcome: 'received' });
    metrics.count('trao_attempts_total', { partner: 'gb', outcome: 'received' }, 2);
    metrics.observe('trao_delivery_seconds', { partner: 'gb', event: 'delivered' }, 0.7);
    expect(await lines(metrics, 'trao_attempts_total{')).toEqual([
      'trao_attempts_total{partner="gb",outcome="received"} 3',
    ]);
    expect(await lines(metrics, 'trao_delivery_seconds_bucket{le="1"')).toEqual([
      'trao_delivery_seconds_bucket{le="1",partner="gb",event="delivered"} 1',
    ]);
  });
});

describe('a label', () => {
  it.each([
    ['a name of a person', 'Nguyễn Thị Mai'],
    ['a path with an id', `/cases/${randomUUID()}`],
    ['a unit', 'vn.mps-criminal'],
    ['a message id', randomUUID()],
    ['a line break', 'gb\nx'],
    ['nothing', ''],
  ])('is not %s: it is counted as `other`, and the fault too', async (_, value) => {
    const metrics = new Metrics('worker');
    metrics.count('trao_attempts_total', { partner: value, outcome: value });
    expect(await lines(metrics, 'trao_attempts_total{')).toEqual([
      'trao_attempts_total{partner="other",outcome="other"} 1',
    ]);
    expect(await lines(metrics, 'trao_labels_refused_total')).toEqual(['trao_labels_refused_total 2']);
  });

  it('is not one that the metric does not have', async () => {
    const metrics = new Metrics('gateway');
    // @ts-expect-error attempts have no case
    expect(() => metrics.count('trao_accepted_total', { partner: 'vn', lane: 'normal', case: 'c' })).toThrow('label');
    expect(await lines(metrics, 'trao_accepted_total{')).toEqual([]);
  });

  it('of a route is its template', async () => {
    const metrics = new Metrics('gateway');
    const count = (route: string) => metrics.count('trao_http_requests_total', { method: 'GET', route, status: '200' });
    for (const route of ['/v1/attachments/:id/pieces', 'none', `/v1/x?name=${'y'.repeat(3)}`]) count(route);
    expect(
      (await lines(metrics, 'trao_http_requests_total{')).map((line) => /route="([^"]*)"/.exec(line)?.[1]),
    ).toEqual(['/v1/attachments/:id/pieces', 'none', 'other']);
  });
});

describe('gauges', () => {
  const sample: Sample = { name: 'trao_directory_days', labels: {}, value: 3 };

  it('are read when somebody asks, and are gone when their source fails', async () => {
    const metrics = new Metrics('office');
    let broken = false;
    metrics.follow({
      gauges: ['trao_directory_days'],
      read: () => {
        if (broken) throw new Error('no');
        return [sample];
      },
    });
    expect(await lines(metrics, 'trao_directory_days')).toEqual(['trao_directory_days 3']);
    broken = true;
    expect(await lines(metrics, 'trao_directory_days')).toEqual([]);
  });

  it('that a source no longer names are gone', async () => {
    const metrics = new Metrics('office');
    let states = ['idle', 'total'];
    metrics.follow({
      gauges: ['trao_database_pool_connections'],
      read: () =>
        states.map((state): Sample => ({ name: 'trao_database_pool_connections', labels: { state }, value: 1 })),
    });
    expect(await lines(metrics, 'trao_database_pool_connections{')).toHaveLength(2);
    states = ['idle'];
    expect(await lines(metrics, 'trao_database_pool_connections{')).toEqual([
      'trao_database_pool_connections{state="idle"} 1',
    ]);
  });
});

describe('gauges about a node', () => {
  const NOW = new Date('2026-11-29T12:00:00Z');
  const days = (count: number) => new Date(NOW.getTime() + count * 86_400_000);
  const FACTS: NodeFacts = {
    outbox: [
      { partner: 'gb', lane: 'normal', state: 'queued', count: 2, oldestS: 30 },
      { partner: 'kh', lane: 'normal', state: 'sending', count: 1, oldestS: 90 },
      { partner: 'gb', lane: 'normal', state: 'received', count: 3, oldestS: 5_000 },
      { partner: 'gb', lane: 'urgent', state: 'undeliverable', count: 1, oldestS: 99_999 },
    ],
    inbox: [{ partner: 'gb', lane: 'emergency', count: 4 }],
    receipts: [{ partner: 'gb', count: 5 }],
    circuits: [
      { partner: 'gb', open: true },
      { partner: 'kh', open: false },
    ],
    clocks: [{ partner: 'gb', offsetMs: -1_500 }],
    certificates: [{ partner: 'vn', side: 'own', validTo: days(10) }],
    keys: [{ use: 'signing', validTo: days(-1) }],
    processes: [
      { app: 'worker', up: 2, diskFree: 0.5 },
      { app: 'office', up: 0, diskFree: undefined },
    ],
    alerts: [{ kind: 'disk_low', level: 'high', state: 'new', count: 1 }],
  };

  it('say how deep the queues are, how old the oldest is, and how long until something ends', async () => {
    const metrics = new Metrics('monitor');
    metrics.follow(
      nodeGauges(
        () => Promise.resolve(FACTS),
        () => NOW,
      ),
    );
    const text = (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('trao_') && !line.startsWith('trao_labels'));
    expect(text.toSorted()).toEqual(
      [
        'trao_outbox_messages{partner="gb",lane="normal",state="queued"} 2',
        'trao_outbox_messages{partner="kh",lane="normal",state="sending"} 1',
        'trao_outbox_messages{partner="gb",lane="normal",state="received"} 3',
        'trao_outbox_messages{partner="gb",lane="urgent",state="undeliverable"} 1',
        'trao_outbox_oldest_seconds{partner="gb",lane="normal"} 30', // what was given up does not wait any more
        'trao_outbox_oldest_seconds{partner="kh",lane="normal"} 90',
        'trao_inbox_waiting{partner="gb",lane="emergency"} 4',
        'trao_receipts_waiting{partner="gb"} 5',
        'trao_receipt_lag_seconds{partner="gb"} 5000',
        'trao_circuit_open{partner="gb"} 1',
        'trao_circuit_open{partner="kh"} 0',
        'trao_partner_clock_offset_seconds{partner="gb"} -1.5',
        'trao_certificate_days{partner="vn",side="own"} 10',
        'trao_key_days{use="signing"} -1',
        'trao_processes_up{app="worker"} 2',
        'trao_processes_up{app="office"} 0',
        'trao_disk_free_ratio{app="worker"} 0.5',
        'trao_alerts_open{kind="disk_low",level="high",state="new"} 1',
        'trao_facts_fresh 1',
      ].toSorted(),
    );
  });

  it('are counted once in five seconds, however many ask', async () => {
    let [reads, now] = [0, NOW.getTime()];
    const { read } = nodeGauges(
      async () => {
        reads += 1;
        return FACTS;
      },
      () => new Date(now),
    );
    await Promise.all([read(), read(), read()]);
    now += 4_999;
    await read();
    expect(reads).toBe(1);
    now += 1;
    await read();
    expect(reads).toBe(2);
  });

  it('are not there while the database is away, and one of them says so', async () => {
    const metrics = new Metrics('monitor');
    metrics.follow(
      nodeGauges(
        () => Promise.reject(new Error('away')),
        () => NOW,
      ),
    );
    const text = (await metrics.text()).split('\n').filter((line) => /^trao_(?!labels)/.test(line));
    expect(text).toEqual(['trao_facts_fresh 0']);
  });
});
