import { openQueue } from '../../libs/queue';
import { hasRedis, startRedis, type RedisServer } from '../harness/redis-server';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { waitFor } from '../harness/wait-for';
import { batchOf, itKeepsItsPromises, notingHandlers } from './queue-fixture';

const describeRedis = hasRedis() ? describe : describe.skip;

describeRedis('the queue on Redis', () => {
  const folder = makeTempFolder('queue-redis');
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis(folder);
  });
  afterAll(async () => {
    await redis?.stop();
    removeTempFolder(folder);
  });

  /** The texts of an answer of Redis, which come as lines between their lengths. */
  const texts = (answer: string) => answer.split('\r\n').filter((line) => line !== '' && !/^[*$:+]/.test(line));

  async function hashes(): Promise<{ key: string; fields: string[] }[]> {
    const found: { key: string; fields: string[] }[] = [];
    for (const key of texts(await redis.command('KEYS', '*'))) {
      if ((await redis.command('TYPE', key)).startsWith('+hash'))
        found.push({ key, fields: texts(await redis.command('HGETALL', key)) });
    }
    return found;
  }

  const jobData = async () =>
    (await hashes()).flatMap(({ fields }) => {
      const at = fields.indexOf('data');
      return at < 0 ? [] : [JSON.parse(fields[at + 1]!) as unknown];
    });

  /** Everything that is in there, whatever its type, with the names of the keys. */
  async function dump(): Promise<string> {
    const keys = texts(await redis.command('KEYS', '*'));
    const contents = await Promise.all(keys.map((key) => redis.command('DUMP', key)));
    return [...keys, ...contents, JSON.stringify(await hashes())].join('\n');
  }

  const place = () => ({ backend: { kind: 'redis' as const, url: redis.url, cluster: false }, dump, jobData });

  itKeepsItsPromises(place);

  it('keeps all keys of a queue in one slot of a cluster', async () => {
    const queue = openQueue(place().backend, () => undefined);
    await queue.enqueue([batchOf('deliver')]);
    const keys = texts(await redis.command('KEYS', '*'));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^\{trao\}:/);
    await queue.close();
  });

  it('says queue_unavailable when Redis does not answer, and goes on when it does', async () => {
    const queue = openQueue(place().backend, () => undefined);
    const { got, handlers } = notingHandlers();
    await queue.work(handlers);
    await redis.command('CLIENT', 'PAUSE', '60000', 'WRITE');
    await expect(queue.enqueue([batchOf('deliver')])).rejects.toMatchObject({
      code: 'queue_unavailable',
      retryable: true,
    });
    await redis.command('CLIENT', 'UNPAUSE');
    const batch = batchOf('ingest');
    await queue.enqueue([batch]);
    await waitFor('the batch', () => got.includes(`ingest ${batch.id}`));
    await queue.close();
  });

  it('goes on after everything in it was lost', async () => {
    const queue = openQueue(place().backend, () => undefined);
    const { got, handlers } = notingHandlers();
    await queue.work(handlers);
    await queue.enqueue([batchOf('deliver')]);
    await redis.command('FLUSHALL');
    const batch = batchOf('ingest');
    await queue.enqueue([batch]);
    await waitFor('the batch after the loss', () => got.includes(`ingest ${batch.id}`));
    expect(got).toContain(`ingest ${batch.id}`);
    await queue.close();
  });
});
