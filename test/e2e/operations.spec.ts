import { operationsPort, type NodeLayout } from '../../apps/cli/local/layout';
import { METRICS, type MetricName } from '../../libs/telemetry';
import { MONITORED, startTwoNodes, type App, type TwoNodes } from '../harness/two-nodes';
import { example } from '../harness/examples';
import { untilFinal } from '../harness/ledger';
import { waitFor } from '../harness/wait-for';

const APPS: readonly App[] = ['gateway', 'office', 'worker', 'monitor'];

/** Every process of two real nodes tells its operators how it is, at a port of its own. */
describe('the operations port of real processes', () => {
  let nodes: TwoNodes;
  let vn: NodeLayout;
  beforeAll(async () => {
    nodes = await startTwoNodes('postgres', MONITORED);
    vn = nodes.layout.nodes.find(({ id }) => id === 'vn')!;
    const document = example('referral-protect-adult');
    const { messageId } = await nodes.office.send(document.header.senderUnit, document);
    await untilFinal(nodes, messageId);
  });
  afterAll(() => nodes?.stop());

  const get = (app: App, path: string) =>
    fetch(`http://127.0.0.1:${operationsPort(nodes.layout, vn, app)}${path}`, { headers: { connection: 'close' } });
  const metricsOf = async (app: App) => (await get(app, '/metrics')).text();

  it.each(APPS)('of the %s says that it lives and is ready', async (app) => {
    expect(await (await get(app, '/health/live')).json()).toEqual({ status: 'live' });
    const response = await get(app, '/health/ready');
    const { status, checks } = (await response.json()) as {
      status: string;
      checks: Record<string, { status: string }>;
    };
    expect(response.status).toBe(200);
    expect(['ok', 'degraded']).toContain(status);
    expect(checks).toMatchObject({ database: { status: 'up' }, directory: { status: 'up' } });
    expect(Object.keys(checks).includes('queue')).toBe(app === 'worker');
  });

  it.each(APPS)('of the %s exports its metrics, every value under an admitted label', async (app) => {
    const text = await metricsOf(app);
    const own = (Object.keys(METRICS) as MetricName[]).filter((name) =>
      (METRICS[name].apps as readonly string[]).includes(app),
    );
    for (const name of own) expect(text).toContain(`# TYPE ${name} `);
    expect(text).toContain('trao_labels_refused_total 0');
    expect(text).toMatch(/^trao_database_pool_connections\{state="total"\} [1-9]/m);
    expect(text).toMatch(/^trao_directory_version 1$/m);
  });

  it('says what became of a message, by partner and never by its id', async () => {
    expect(await metricsOf('worker')).toMatch(/^trao_attempts_total\{partner="gb",outcome="received"\} [1-9]/m);
    await waitFor('the receipt that came back', async () =>
      /^trao_delivery_seconds_count\{partner="gb",event="delivered"\} [1-9]/m.test(await metricsOf('gateway')),
    );
    expect(await metricsOf('office')).toMatch(
      /^trao_http_requests_total\{method="POST",route="\/v1\/units\/:unit\/drafts",/m,
    );
    for (const app of APPS) expect(await metricsOf(app)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7|vn\.\w/);
  });

  it('of the monitor knows the whole node from its database', async () => {
    const text = await waitFor('fresh numbers', async () => {
      const now = await metricsOf('monitor');
      return APPS.every((app) => now.includes(`trao_processes_up{app="${app}"} 1`)) && now;
    });
    expect(text).toContain('trao_facts_fresh 1');
    expect(text).toMatch(/^trao_certificate_days\{partner="vn",side="own"\} \d/m);
    expect(text).toMatch(/^trao_key_days\{use="signing"\} \d/m);
    expect(text).toMatch(/^trao_disk_free_ratio\{app="worker"\} 0?\.?\d/m);
  });

  it('is not ready while the database is away, and says only that', async () => {
    await nodes.crashPostgres();
    const answer = await waitFor('a worker that is not ready', async () => {
      const asked = await get('worker', '/health/ready');
      return asked.status === 503 ? asked.json() : undefined;
    });
    expect(answer).toMatchObject({
      status: 'error',
      checks: { database: { status: 'down', code: 'database_unavailable' } },
    });
    expect(await metricsOf('monitor')).toMatch(/^trao_labels_refused_total 0$/m);
    expect((await get('worker', '/health/live')).status).toBe(200);
    await nodes.startPostgres();
    await waitFor('a worker that is ready again', async () => (await get('worker', '/health/ready')).status === 200);
  });
});
