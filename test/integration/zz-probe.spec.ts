import { openQueue } from '../../libs/queue';
import { startRedis } from '../harness/redis-server';
import { makeTempFolder } from '../harness/temp-folder';
import { batchOf, notingHandlers } from './queue-fixture';
const timed = async (name: string, p: Promise<unknown>) => { const t = Date.now(); const r = await Promise.race([p.then((v) => `ok ${v}`, (e) => `error ${e.code} ${e.message} ${e.cause?.message}`), new Promise((r) => setTimeout(() => r('HANGS'), 20000))]); process.stderr.write(`${name}: ${r} after ${Date.now() - t}\n`); };
it('x', async () => {
  const redis = await startRedis(makeTempFolder('probe'));
  const errors: string[] = [];
  const queue = openQueue({ kind: 'redis', url: redis.url, cluster: false }, (e) => errors.push(e.message));
  await queue.work(notingHandlers().handlers);
  await redis.stop();
  await timed('enqueue', queue.enqueue([batchOf('deliver')]));
  await timed('close', queue.close());
  process.stderr.write(`${errors.length} errors: ${[...new Set(errors)].join(' | ')}\n`);
  const second = openQueue({ kind: 'redis', url: redis.url, cluster: false }, (e) => errors.push(e.message));
  await timed('work', second.work(notingHandlers().handlers));
  await timed('close2', second.close());
}, 100000);
