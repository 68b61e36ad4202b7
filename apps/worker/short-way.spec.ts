import type { Batch, WorkKind } from '../../libs/exchange';
import { ShortWay } from './short-way';

const batch = (id: string, kind: WorkKind): Batch => ({ id, kind, lane: 'normal' });

function way() {
  const queued: string[] = [];
  const enqueue = (batches: readonly Batch[]) => Promise.resolve(void queued.push(...batches.map(({ id }) => id)));
  const short = new ShortWay({ enqueue });
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const handler = (id: string) => new Promise<void>((resolve, reject) => ends.set(id, { resolve, reject }));
  return { queued, short, ends, handler };
}

describe('the short way of evidence', () => {
  it('is open when somebody hands it back; before that all goes through the queue', async () => {
    const { queued, short, ends, handler } = way();
    await short.enqueue([batch('a', 'acknowledge')]);
    short.open(handler);
    await short.enqueue([batch('b', 'acknowledge'), batch('c', 'deliver'), batch('d', 'ingest')]);
    expect(queued).toEqual(['a', 'c', 'd']);
    expect([...ends.keys()]).toEqual(['b']);
  });

  it('takes 32 at a time, and the next when one has ended or failed', async () => {
    const { queued, short, ends, handler } = way();
    short.open(handler);
    const ids = Array.from({ length: 34 }, (_, n) => String(n));
    await short.enqueue(ids.map((id) => batch(id, 'acknowledge')));
    expect(queued).toEqual(['32', '33']);
    ends.get('0')!.resolve();
    ends.get('1')!.reject(new Error('the partner is away'));
    await new Promise(setImmediate);
    await short.enqueue(['x', 'y', 'z'].map((id) => batch(id, 'acknowledge')));
    expect(queued).toEqual(['32', '33', 'z']);
  });

  it('fails with the queue, and does its own part all the same', async () => {
    const short = new ShortWay({ enqueue: () => Promise.reject(new Error('the queue is down')) });
    const done: string[] = [];
    short.open((id) => Promise.resolve(void done.push(id)));
    await expect(short.enqueue([batch('a', 'deliver'), batch('b', 'acknowledge')])).rejects.toThrow(
      'the queue is down',
    );
    expect(done).toEqual(['b']);
  });

  it('ends when all that is under way has', async () => {
    const { queued, short, ends, handler } = way();
    short.open(handler);
    await short.enqueue([batch('a', 'acknowledge')]);
    let closed = false;
    const closing = short.close().then(() => (closed = true));
    await short.enqueue([batch('b', 'acknowledge')]);
    await new Promise(setImmediate);
    expect([closed, queued]).toEqual([false, ['b']]);
    ends.get('a')!.resolve();
    await closing;
  });
});
