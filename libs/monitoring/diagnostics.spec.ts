import { DIAGNOSTIC_PARTS, diagnosticsBundle, type DiagnosticsFacts } from './diagnostics';
import { SETTINGS } from './setting-change';

const NOW = new Date('2026-11-29T20:00:00Z');
const SECRET = 'hush-hush-do-not-tell-1234567890';

const FACTS: DiagnosticsFacts = {
  node: 'vn',
  madeAt: NOW,
  runtime: 'v24.21.0',
  processes: [
    {
      app: 'worker',
      version: '0.1.0',
      startedAt: new Date('2026-11-29T10:00:00Z'),
      beatAt: new Date('2026-11-29T19:59:50Z'),
      facts: {
        eventLoopLagMs: 12,
        rssMb: 90,
        diskFree: 0.5,
        pool: { total: 3, idle: 2, waiting: 0, note: SECRET },
        tls: { fingerprint: SECRET, validTo: '2027-01-01T00:00:00.000Z' },
        keys: [
          { kid: SECRET, use: 'sig', unit: 'vn.mps', state: 'active', validTo: '2027-01-01T00:00:00Z' },
          { use: `${SECRET} ${SECRET}`, state: 7, validTo: SECRET },
          SECRET,
        ],
        queue: 'postgres',
        other: SECRET,
      },
    },
    {
      app: 'gateway',
      version: '0.1.0',
      startedAt: NOW,
      beatAt: new Date('2026-11-29T19:00:00Z'),
      facts: { rssMb: SECRET, pool: [SECRET], tls: { validTo: 5 }, keys: SECRET, queue: `a ${SECRET}` },
    },
  ],
  settings: new Map<string, unknown>([
    ['alert_webhooks', [`https://example.org/${SECRET}`]],
    ['alert_language', 'vi'],
    ['something_else', SECRET],
  ]),
  counts: [
    { table: 'outgoing', state: 'delivered', count: 5 },
    { table: 'outgoing', state: 'queued', count: 1 },
    { table: 'incoming', state: 'filed', count: 2 },
  ],
  alerts: [{ kind: 'no_workers', level: 'critical', state: 'new', count: 1 }],
  partners: [],
  migrations: { applied: ['A1'], pending: [] },
  heldQueues: ['ingest'],
};

describe('the bundle of diagnostics', () => {
  const bundle = diagnosticsBundle(FACTS, SETTINGS) as Record<string, unknown>;

  it('has the parts that the page names', () => expect(Object.keys(bundle)).toEqual([...DIAGNOSTIC_PARTS]));

  it('tells what processes say of themselves, as far as it is known to be harmless', () => {
    expect(bundle['processes']).toEqual([
      {
        app: 'worker',
        version: '0.1.0',
        startedAt: FACTS.processes[0]!.startedAt,
        beatAt: FACTS.processes[0]!.beatAt,
        up: true,
        eventLoopLagMs: 12,
        rssMb: 90,
        diskFree: 0.5,
        pool: { total: 3, idle: 2, waiting: 0 },
        tls: { validTo: '2027-01-01T00:00:00.000Z' },
        keys: [{ use: 'sig', state: 'active', validTo: '2027-01-01T00:00:00Z' }, {}],
        queue: 'postgres',
      },
      { app: 'gateway', version: '0.1.0', startedAt: NOW, beatAt: FACTS.processes[1]!.beatAt, up: false },
    ]);
    expect(bundle['queues']).toEqual({ kinds: ['postgres'], held: ['ingest'] });
  });

  it('names settings, and hides what those of security are', () => {
    const settings = bundle['settings'] as { name: string; set: boolean; value: unknown }[];
    expect(settings.map(({ name }) => name)).toEqual(SETTINGS.map(({ name }) => name));
    const of = (name: string) => settings.find((setting) => setting.name === name);
    expect(of('alert_webhooks')).toEqual({ name: 'alert_webhooks', set: true, value: 'hidden' });
    expect(of('alert_mail_to')).toEqual({ name: 'alert_mail_to', set: false, value: 'hidden' });
    expect(of('alert_language')).toEqual({ name: 'alert_language', set: true, value: 'vi' });
    expect(of('alert_disk_free_percent')).toMatchObject({ set: false, value: 20 });
  });

  it('counts by state', () => {
    expect(bundle['counts']).toMatchObject({ outgoing: [{ count: 5 }, { count: 1 }], incoming: [{ count: 2 }] });
  });

  it('holds nothing that was hidden in its facts', () => expect(JSON.stringify(bundle)).not.toContain(SECRET));
});
