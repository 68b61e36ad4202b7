import { randomUUID } from 'node:crypto';
import type { Batch, WorkKind } from '../../libs/exchange';
import { openQueue, type Handler, type QueueBackend, type WorkQueue } from '../../libs/queue';
import { waitFor } from '../harness/wait-for';

/** A place where a queue lives, and what lies there. */
export interface QueuePlace {
  readonly backend: QueueBackend;
  /** Everything that is stored, as text. */
  dump(): Promise<string>;
  /** The data of the jobs that wait. */
  jobData(): Promise<unknown[]>;
}

export const batchOf = (kind: WorkKind, lane: Batch['lane'] = 'normal'): Batch => ({ id: randomUUID(), kind, lane });

/** Handlers that note what they get; some of them may be replaced. */
export function notingHandlers(replaced: Partial<Record<WorkKind, Handler>> = {}) {
  const got: string[] = [];
  const note = (kind: WorkKind) => (batchId: string) => Promise.resolve(void got.push(`${kind} ${batchId}`));
  return {
    got,
    handlers: { deliver: note('deliver'), ingest: note('ingest'), acknowledge: note('acknowledge'), ...replaced },
  };
}

/** A promise and the function that keeps it. */
function gate() {
  let open = () => undefined as void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Jobs to partners that a worker has in hand at a time (libs/queue). */
const SEATS = 512;
const AT_ONCE = 100;
/** Partners that answer to nothing, each with all the batches that it can have under way before its circuit opens. */
const SILENT_PARTNERS = 40;
const silent = (kind: WorkKind, lane: Batch['lane']) =>
  Array.from({ length: 2 * SILENT_PARTNERS }, () => batchOf(kind, lane));

/** What the queue promises, wherever it lives. */
export function itKeepsItsPromises(place: () => QueuePlace): void {
  const errors: Error[] = [];
  let queue: WorkQueue;
  beforeEach(() => {
    errors.length = 0;
    queue = openQueue(place().backend, (error) => errors.push(error));
  });
  afterEach(() => queue.close());

  it('hands each batch id to the handler of its kind, whatever its lane', async () => {
    const { got, handlers } = notingHandlers();
    await queue.work(handlers);
    const kinds = ['deliver', 'ingest', 'acknowledge'] as const;
    const batches = kinds.flatMap((kind) => [batchOf(kind), batchOf(kind, 'urgent'), batchOf(kind, 'emergency')]);
    await queue.enqueue(batches);
    await waitFor('all batches', () => got.length === batches.length);
    expect(got.sort()).toEqual(batches.map(({ kind, id }) => `${kind} ${id}`).sort());
    expect(errors).toEqual([]);
  });

  it('holds ids only, and nothing once the work is done', async () => {
    const canary = `canary-${randomUUID()}`;
    const batches = [batchOf('deliver'), batchOf('ingest'), batchOf('acknowledge', 'emergency')];
    await queue.enqueue(batches.map((batch) => ({ ...batch, token: canary, sealed: canary })));
    const data = await place().jobData();
    expect(data).toHaveLength(3);
    expect(data).toEqual(expect.arrayContaining(batches.map(({ id }) => ({ batchId: id }))));
    const lying = await place().dump();
    expect(lying).toContain(batches[0]!.id);
    expect(lying).not.toContain(canary);

    const { got, handlers } = notingHandlers();
    await queue.work(handlers);
    await waitFor('all batches', () => got.length === 3);
    await waitFor('an empty queue', async () => (await place().jobData()).length === 0);
    for (const { id } of batches) expect(await place().dump()).not.toContain(id);
  });

  it('reports a handler that throws, forgets the job and goes on', async () => {
    const tried: string[] = [];
    const fault = new Error('the handler fails');
    const deliver = (batchId: string) => {
      tried.push(batchId);
      return tried.length === 1 ? Promise.reject(fault) : Promise.resolve();
    };
    await queue.work(notingHandlers({ deliver }).handlers);
    const [bad, good] = [batchOf('deliver'), batchOf('deliver')];
    await queue.enqueue([bad]);
    await waitFor('the report', () => errors.length > 0);
    expect(errors).toEqual([expect.objectContaining({ message: fault.message })]);
    await queue.enqueue([good]);
    await waitFor('the next batch', () => tried.length === 2);
    expect(tried).toEqual([bad.id, good.id]);
    await waitFor('an empty queue', async () => (await place().jobData()).length === 0);
  });

  it('takes a batch id again that failed before: nothing of the first job is in its way', async () => {
    let tries = 0;
    const deliver = () => (++tries < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve());
    await queue.work(notingHandlers({ deliver }).handlers);
    const batch = batchOf('deliver');
    for (let turn = 1; turn <= 3; turn += 1) {
      await queue.enqueue([batch]);
      await waitFor(`try ${turn}`, () => tries === turn);
    }
  });

  it('works on emergencies and files while all that goes to partners is stuck', async () => {
    const { passed, open } = gate();
    let stuck = 0;
    let emergencies = 0;
    const lanes = new Map<string, Batch['lane']>();
    const deliver = async (batchId: string) => {
      if (lanes.get(batchId) === 'emergency') return void (emergencies += 1);
      stuck += 1;
      await passed;
    };
    const { got, handlers } = notingHandlers({ deliver });
    await queue.work(handlers);
    const slow = Array.from({ length: SEATS + 8 }, () => batchOf('deliver'));
    const urgent = [batchOf('deliver', 'emergency'), batchOf('ingest')];
    for (const { id, lane } of [...slow, ...urgent]) lanes.set(id, lane);
    try {
      for (let from = 0; from < slow.length; from += AT_ONCE) await queue.enqueue(slow.slice(from, from + AT_ONCE));
      await waitFor('all workers for partners to be busy', () => stuck === SEATS);
      await queue.enqueue(urgent);
      await waitFor('the emergency', () => emergencies === 1);
      await waitFor('the filing', () => got.includes(`ingest ${urgent[1]!.id}`));
      expect(stuck).toBe(SEATS);
    } finally {
      open();
    }
    await waitFor('the rest', () => stuck === SEATS + 8);
  });

  it('works for other partners, in every lane, while forty partners answer to nothing', async () => {
    const { passed, open } = gate();
    const stuck = [
      ...silent('deliver', 'emergency'),
      ...silent('acknowledge', 'emergency'),
      ...silent('deliver', 'urgent'),
      ...silent('deliver', 'normal'),
      ...silent('acknowledge', 'normal'),
    ];
    const silence = new Set(stuck.map(({ id }) => id));
    const done: string[] = [];
    const work = async (batchId: string) => (silence.has(batchId) ? passed : void done.push(batchId));
    await queue.work(notingHandlers({ deliver: work, acknowledge: work }).handlers);
    await queue.enqueue(stuck);
    const others = [batchOf('deliver', 'emergency'), batchOf('acknowledge', 'emergency'), batchOf('deliver')];
    await queue.enqueue(others);
    await waitFor('the batches of others', () => done.length === others.length);
    expect([...done].sort()).toEqual(others.map(({ id }) => id).sort());
    open();
  });

  it('finishes the jobs in hand before it closes', async () => {
    const { passed, open } = gate();
    const steps: string[] = [];
    const deliver = async () => {
      steps.push('begun');
      await passed;
      steps.push('done');
    };
    await queue.work(notingHandlers({ deliver }).handlers);
    await queue.enqueue([batchOf('deliver')]);
    await waitFor('the job', () => steps.length === 1);
    const closing = queue.close().then(() => steps.push('closed'));
    setTimeout(open, 300);
    await closing;
    expect(steps).toEqual(['begun', 'done', 'closed']);
  });

  it('refuses to start without a handler for each kind', async () => {
    const { handlers } = notingHandlers();
    const { ingest: _missing, ...incomplete } = handlers;
    await expect(queue.work(incomplete as typeof handlers)).rejects.toMatchObject({
      code: 'config_invalid',
      detail: 'no handler for ingest',
    });
  });
}
