import { keepHouse, type HousekeepingParts } from '../../apps/worker/housekeeping';
import type { Logger } from '../../libs/platform';
import type { Partners } from '../../libs/trust';
import { settleStore } from '../../libs/storage';
import { startNodeDatabase, type NodeDatabase } from './database-fixture';
import { putOutbox, receiptOf } from './rows-fixture';
import { waitFor } from '../harness/wait-for';

let node: NodeDatabase;
beforeAll(async () => {
  node = await startNodeDatabase('housekeeping');
});
afterAll(() => node?.remove());

const KEEP = { sealed: 30, attempts: 400, alerts: 400, samples: 30, processes: 7 };
const DAY_MS = 86_400_000;

type Line = readonly [event: string, fields: Readonly<Record<string, unknown>>];

/** The housekeeping of a worker whose keys cannot be read, so many days from now. */
function house(days: number, lines: Line[]): HousekeepingParts {
  const logger: Logger = { log: (event, fields = {}) => void lines.push([event, fields]) };
  const unreadable = () => Promise.reject(new Error('invented'));
  return {
    database: node.worker,
    logger,
    keep: KEEP,
    clock: { now: () => new Date(Date.now() + days * DAY_MS) },
    self: { node: 'vn', partners: () => ({}) as Partners },
    keys: { list: unreadable, destroy: unreadable },
  };
}

const blanked = async () => (await node.owner.query(`SELECT id FROM outbox WHERE sealed = ''`)).length;

it('does everything at the start, tells what it did, and goes on after a job that failed', async () => {
  const [id] = await putOutbox(node.owner, [{ state: 'received' }]);
  await node.owner.transaction((query) =>
    settleStore(query).settle([
      { receipt: receiptOf({ id: id! }, { issuer: 'gb', event: 'delivered' }), state: 'delivered' },
    ]),
  );
  const early: Line[] = [];
  const stopEarly = keepHouse(house(29, early));
  await waitFor('the last job', () => early.some(([, { job }]) => job === 'keys'));
  await stopEarly();
  expect(await blanked()).toBe(0);
  const lines: Line[] = [];
  const stop = keepHouse(house(31, lines));
  await waitFor('the last job', () => lines.some(([, { job }]) => job === 'keys'));
  await stop();
  expect(await blanked()).toBe(1);
  expect(lines).toEqual([
    ['tidied', { job: 'sent_bytes', count: 1 }],
    ['tidying_failed', { err: expect.any(Error) as Error, job: 'keys' }],
  ]);
});

it('ends with the job that it has in hand, and begins no other', async () => {
  const lines: Line[] = [];
  const stop = keepHouse(house(0, lines));
  await stop();
  expect(lines).toEqual([]);
});

it('says which jobs could not be done while the database is away, and stops all the same', async () => {
  const closed = await node.open('worker', 1);
  await closed.close();
  const lines: Line[] = [];
  const stop = keepHouse({ ...house(0, lines), database: closed });
  await waitFor('all jobs', () => lines.some(([, { job }]) => job === 'keys'));
  await stop();
  expect(lines.map(([event]) => event)).toEqual(lines.map(() => 'tidying_failed'));
  expect(lines.length).toBeGreaterThan(10);
});
