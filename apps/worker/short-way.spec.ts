import { WORK_KINDS, type Batch, type WorkKind } from '../../libs/exchange';
import type { Handler } from '../../libs/queue';
import { ShortWay } from './short-way';

const MOST = 3;
const batch = (id: string, kind: WorkKind = 'deliver'): Batch => ({ id, kind, lane: 'normal' });
const each = (handler: (kind: WorkKind) => Handler) =>
  Object.fromEntries(WORK_KINDS.map((kind) => [kind, handler(kind)])) as Record<WorkKind, Handler>;

function way(most = MOST) {
  const queued: string[] = [];
  const enqueue = (batches: readonly Batch[]) => Promise.resolve(void queued.push(...batches.map(({ id }) => id)));
  const short = new ShortWay({ enqueue }, most);
  const begun: string[] = [];
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const handlers = each((kind) => (id) => {
    begun.push(`${kind} ${id}`);
    return new Promise<void>((resolve, reject) => ends.set(id, { resolve, reject }));
  });
  return { queued, short, begun, ends, handlers };
}

describe('the way past the queue', () => {
  it('is open when there is somebody who works; before that all goes through the queue', async () => {
    const { queued, short, begun, handlers } = way();
    await short.enqueue([batch('a')]);
    short.open(handlers);
    await short.enqueue([batch('b', 'acknowledge'), batch('c', 'deliver'), batch('d', 'ingest')]);
    expect(queued).toEqual(['a']);
    expect(begun).toEqual(['acknowledge b', 'deliver c', 'ingest d']);
  });

  it('takes as many at a time as were set, the first ones, and the next when one has ended or failed', async () => {
    const { queued, short, ends, handlers } = way();
    short.open(handlers);
    await short.enqueue(['a', 'b', 'c', 'd', 'e'].map((id) => batch(id)));
    expect(queued).toEqual(['d', 'e']);
    ends.get('a')!.resolve();
    ends.get('b')!.reject(new Error('the partner is away'));
    await new Promise(setImmediate);
    await short.enqueue(['x', 'y', 'z'].map((id) => batch(id)));
    expect(queued).toEqual(['d', 'e', 'z']);
    expect([...ends.keys()]).toEqual(['a', 'b', 'c', 'x', 'y']);
  });

  it('is closed where none were set', async () => {
    const { queued, short, begun, handlers } = way(0);
    short.open(handlers);
    await short.enqueue([batch('a')]);
    expect([queued, begun]).toEqual([['a'], []]);
  });

  it('fails with the queue, and does its own part all the same', async () => {
    const short = new ShortWay({ enqueue: () => Promise.reject(new Error('the queue is down')) }, 1);
    const done: string[] = [];
    short.open(each(() => (id) => Promise.resolve(void done.push(id))));
    await expect(short.enqueue([batch('a'), batch('b')])).rejects.toThrow('the queue is down');
    expect(done).toEqual(['a']);
  });

  it('ends when all that is under way has', async () => {
    const { queued, short, ends, handlers } = way();
    short.open(handlers);
    await short.enqueue([batch('a')]);
    let closed = false;
    const closing = short.close().then(() => (closed = true));
    await short.enqueue([batch('b')]);
    await new Promise(setImmediate);
    expect([closed, queued]).toEqual([false, ['b']]);
    ends.get('a')!.resolve();
    await closing;
  });
});
