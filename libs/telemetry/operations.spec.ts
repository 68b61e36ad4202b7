import { caughtLog } from '../../test/integration/log-fixture';
import { TraoError } from '../errors';
import { Metrics, startOperations, type Check, type OperationsPort } from '.';

/** The port of operators: what it answers, and what it does not say. */
jest.setTimeout(30_000); // the first load of the framework under jest takes seconds

const CANARY = 'Nguyễn Thị Mai';
const checks: Record<string, Check> = {};
let port: OperationsPort;
const log = caughtLog();
const metrics = new Metrics('worker');
beforeAll(async () => {
  port = await startOperations({ host: '127.0.0.1', port: 0, metrics, checks, logger: log.logger });
});
/** From now on these are the checks. */
function setChecks(asked: Record<string, Check>): void {
  for (const name of Object.keys(checks)) delete checks[name];
  Object.assign(checks, asked);
}
afterAll(() => port?.close());

const get = (path: string) => fetch(`http://127.0.0.1:${port.port}${path}`);

it('serves the metrics of the process', async () => {
  metrics.count('trao_attempts_total', { partner: 'gb', outcome: 'received' });
  const response = await get('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.text()).toContain('trao_attempts_total{partner="gb",outcome="received"} 1');
});

it('lives, whatever its checks say', async () => {
  setChecks({ database: () => ({ state: 'down' }) });
  const response = await get('/health/live');
  expect([response.status, await response.json()]).toEqual([200, { status: 'live' }]);
});

it.each<[string, Record<string, Check>, number, object]>([
  [
    'ready when all is well',
    { database: () => ({ state: 'up' }), outbox: () => ({ state: 'up', facts: { waiting: 0, oldestS: 0 } }) },
    200,
    { status: 'ok', checks: { database: { status: 'up' }, outbox: { status: 'up', waiting: 0, oldestS: 0 } } },
  ],
  [
    'ready when something is for people to look at',
    { outbox: () => ({ state: 'degraded', facts: { waiting: 3, oldestS: 8000 } }) },
    200,
    { status: 'degraded', checks: { outbox: { status: 'degraded', waiting: 3, oldestS: 8000 } } },
  ],
  [
    'not ready when something is down, with its code',
    {
      directory: () => ({ state: 'up', facts: { daysLeft: 30 } }),
      database: () => Promise.reject(new TraoError('database_unavailable', { cause: new Error(CANARY) })),
    },
    503,
    {
      status: 'error',
      checks: {
        directory: { status: 'up', daysLeft: 30 },
        database: { status: 'down', code: 'database_unavailable' },
      },
    },
  ],
  [
    'not ready when a check fails in a way that nobody foresaw, and says nothing of what it said',
    {
      queue: () => {
        throw Object.assign(new Error(CANARY), { code: CANARY });
      },
    },
    503,
    { status: 'error', checks: { queue: { status: 'down', code: 'internal' } } },
  ],
  ['ready without any check', {}, 200, { status: 'ok', checks: {} }],
])('is %s', async (_, asked, status, answer) => {
  setChecks(asked);
  const response = await get('/health/ready');
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toEqual([status, answer]);
  expect(text + log.text()).not.toContain('Nguyễn');
});

it('answers for other paths as every process does', async () => {
  const response = await get(`/secrets?name=${encodeURIComponent(CANARY)}`);
  expect([response.status, await response.json()]).toMatchObject([404, { code: 'not_found' }]);
  expect(response.headers.get('x-powered-by')).toBeNull();
});

it('says plainly when its port is taken', async () => {
  const twice = startOperations({ host: '127.0.0.1', port: port.port, metrics, checks: {}, logger: log.logger });
  await expect(twice).rejects.toMatchObject({ code: 'port_taken' });
});
