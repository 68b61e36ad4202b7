import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Batch } from '../../libs/exchange';
import { openQueue, type WorkQueue } from '../../libs/queue';
import { freePort } from '../harness/free-ports';
import { hasRedis, startRedis, type RedisServer } from '../harness/redis-server';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { waitFor } from '../harness/wait-for';
import { batchOf, notingHandlers } from './queue-fixture';

const describeRedis = hasRedis() ? describe : describe.skip;

/** Ranges of slots of three masters. */
const RANGES = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
] as const;
const NODE_TIMEOUT_MS = 1_000;
/** A worker of BullMQ waits for a job for 5 s, gives it another second, and opens its connection anew; that takes up to two more. */
const WORKERS_GIVE_UP_MS = 10_000;

describeRedis('the queue on a Redis Cluster of three masters without replicas', () => {
  const folder = makeTempFolder('queue-cluster');
  let masters: RedisServer[] = [];
  beforeAll(async () => {
    masters = await startMasters(folder);
  });
  afterAll(async () => {
    await Promise.all(masters.map((master) => master.stop()));
    removeTempFolder(folder);
  });

  it('goes on by itself when the master with our slot says nothing for a while and comes back', async () => {
    const url = masters.map((master) => master.url).join(',');
    const queue = openQueue({ kind: 'redis', url, cluster: true }, () => undefined);
    const { got, handlers } = notingHandlers();
    await queue.work(handlers);
    const [before, after] = [everyQueue(), everyQueue()];
    await queue.enqueue(before);
    await waitFor('the batches before', () => hasAll(got, before));

    const silent = await holderOf(masters);
    silent.freeze();
    try {
      const others = masters.filter((master) => master !== silent);
      await waitFor('the cluster to be down', async () => (await states(others)).every((state) => state === 'fail'));
      await pause(WORKERS_GIVE_UP_MS);
    } finally {
      silent.thaw();
    }
    await waitFor('the cluster to be whole', async () => (await states(masters)).every((state) => state === 'ok'));
    await untilTaken(queue, after);
    await waitFor('the batches after', () => hasAll(got, after));
    expect(hasAll(got, after)).toBe(true);
    await queue.close();
  });
});

/** One batch for each of the queues that a worker takes from. */
const everyQueue = () => [batchOf('deliver', 'emergency'), batchOf('deliver'), batchOf('ingest')];
const hasAll = (got: readonly string[], batches: readonly Batch[]) =>
  batches.every(({ kind, id }) => got.includes(`${kind} ${id}`));

/** The relay does the same: what the queue does not take is handed to it again. */
const untilTaken = (queue: WorkQueue, batches: readonly Batch[]) =>
  waitFor('the queue to take batches', () =>
    queue.enqueue(batches).then(
      () => true,
      () => false,
    ),
  );

async function startMasters(folder: string): Promise<RedisServer[]> {
  const buses = await Promise.all(RANGES.map(() => freePort()));
  const masters: RedisServer[] = [];
  for (const [index, bus] of buses.entries())
    masters.push(
      await startRedis(path.join(folder, `master-${index + 1}`), {
        'cluster-enabled': 'yes',
        'cluster-node-timeout': String(NODE_TIMEOUT_MS),
        'cluster-port': String(bus),
      }),
    );
  for (const [index, master] of masters.entries()) {
    await master.command('CLUSTER', 'ADDSLOTSRANGE', ...RANGES[index]!.map(String));
    // Else all three would be at the same epoch, and one of them would have to move on first.
    await master.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  }
  for (const [index, { port }] of masters.entries())
    await masters[0]!.command('CLUSTER', 'MEET', '127.0.0.1', String(port), String(buses[index]));
  await waitFor('the cluster to be whole', async () => (await states(masters)).every((state) => state === 'ok'));
  return masters;
}

const states = (masters: readonly RedisServer[]) =>
  Promise.all(masters.map(async (master) => /cluster_state:(\w+)/.exec(await master.command('CLUSTER', 'INFO'))?.[1]));

/** Where the key `{trao}`, and with it every queue, lies. */
async function holderOf(masters: readonly RedisServer[]): Promise<RedisServer> {
  const slot = Number((await masters[0]!.command('CLUSTER', 'KEYSLOT', '{trao}')).replace(/^:/, '').trim());
  return masters[RANGES.findIndex(([from, to]) => from <= slot && slot <= to)]!;
}
