import { createHash } from 'node:crypto';
import type { MemoryNode } from '../../fakes/memory-node';
import { inboxKey, insertReceipts, update } from '../../fakes/memory-tables';
import { replaceCall } from './replace-call';
import { ALL_COVERED_FROM, verdictOf } from './report';
import { runSeed } from './run';
import { noTotals } from './totals';
import { TRANSITIONS } from './transitions';
import { whyNever } from './unreachable';

async function traceOf(seed: number): Promise<string> {
  const hash = createHash('sha256');
  let lines = 0;
  await runSeed(seed, {
    trace: (line) => {
      hash.update(`${line}\n`);
      lines += 1;
    },
  });
  return `${lines} ${hash.digest('hex')}`;
}

describe('a run of the simulator', () => {
  it.each([11, 12, 13, 14])(
    'of seed %s is the same every time, step by step',
    async (seed) => {
      const first = await traceOf(seed);
      expect(await traceOf(seed)).toBe(first);
      expect(await traceOf(seed + 1_000)).not.toBe(first);
    },
    60_000,
  );

  it('breaks no promise of the product as it is', async () => {
    for (let seed = 1; seed <= 40; seed += 1) expect((await runSeed(seed)).breaches).toEqual([]);
  }, 120_000);
});

interface Message {
  readonly senderNode: string;
  readonly id: string;
}
type Filing = { readonly receipts: Parameters<typeof insertReceipts>[1] };

/** Bugs as somebody could make them, each put into the ports of both nodes. */
const PLANTED: Readonly<Record<string, (node: MemoryNode) => void>> = {
  'a gateway that stores a message again when it comes again': ({ ports, tables }) => {
    replaceCall(ports.accept, 'findKnown', () => () => Promise.resolve([]));
    replaceCall(ports.accept, 'storeReceived', (store) => (messages, receipts) => {
      for (const { senderNode, id } of messages as readonly Message[]) tables.inbox.delete(inboxKey(senderNode, id));
      return store(messages, receipts);
    });
  },
  'a gateway that answers before it has committed': ({ ports }) => {
    const later: (() => Promise<unknown>)[] = [];
    replaceCall(ports.accept, 'findKnown', (find) => async (...args) => {
      for (const write of later.splice(0)) await write();
      return find(...args);
    });
    replaceCall(ports.accept, 'storeReceived', (store) => (messages, receipts) => {
      later.push(() => store(messages, receipts));
      return Promise.resolve(new Set((messages as readonly Message[]).map(({ id }) => id)));
    });
  },
  'a relay that never looks back': ({ ports, tables }) => {
    const passed = new Set<string>();
    const { enqueue } = ports.relay;
    Object.assign(ports.relay, {
      enqueue: (batches: Parameters<typeof enqueue>[0]) => {
        const fresh = batches.filter(({ id }) => !tables.batches.get(id)!.keys.every((key) => passed.has(key)));
        for (const { id } of fresh) for (const key of tables.batches.get(id)!.keys) passed.add(key);
        return enqueue(fresh);
      },
    });
  },
  'a worker that counts a receipt as handed over before it is': ({ ports, tables }) => {
    replaceCall(ports.acknowledge, 'begin', (begin) => async (batch) => {
      const receipts = await begin(batch);
      for (const [key, row] of tables.receipts)
        if (row.batch === batch) update(tables.receipts, key, { place: 'handed' });
      return receipts;
    });
  },
  'a worker that signs for a message before it has filed it': ({ ports, tables, clock }) => {
    replaceCall(ports.ingest, 'file', (file) => (batch, filing) => {
      insertReceipts(tables, (filing as Filing).receipts, 'waiting', clock.now());
      return clock.now().getTime() % 2_000 < 1_000 ? Promise.resolve() : file(batch, filing);
    });
  },
  'a worker that files although its claim ran out and another has filed': ({ ports, tables }) => {
    replaceCall(
      ports.ingest,
      'lockWaiting',
      () => () => Promise.resolve([...tables.inbox.values()].map(({ message }) => message)),
    );
  },
  'a sender that takes any answer for a delivery': ({ ports }) => {
    replaceCall(
      ports.deliver,
      'settle',
      (settle) => (settlements) =>
        settle((settlements as readonly object[]).map((settlement) => ({ ...settlement, state: 'delivered' }))),
    );
  },
};

/** Seeds after which a planted bug must have been seen. */
const WITHIN = 80;

describe('a bug that is planted', () => {
  it.each(Object.keys(PLANTED))(
    'is seen: %s',
    async (name) => {
      const plant = PLANTED[name]!;
      let seen: string | undefined;
      for (let seed = 1; seed <= WITHIN && seen === undefined; seed += 1)
        seen = (await runSeed(seed, { plant })).breaches[0]?.promise;
      expect(seen).toMatch(/^(I[1-9]|legal transitions|no error that nobody expects)$/);
    },
    240_000,
  );
});

describe('the verdict over many runs', () => {
  const taken = [...TRANSITIONS].filter(([, transition]) => !whyNever(transition)).map(([key]) => [key, 1] as const);
  const all = { ...noTotals(), seeds: ALL_COVERED_FROM, transitions: Object.fromEntries(taken) };

  it('is good when every transition was taken that can be', () => {
    expect(verdictOf(all)).toEqual([]);
  });

  it('names a transition that was never taken, once there were enough runs', () => {
    const [[key]] = taken as [readonly [string, number]];
    const { [key]: _, ...others } = all.transitions;
    expect(verdictOf({ ...all, transitions: others })).toEqual([`never taken: ${key}`]);
    expect(verdictOf({ ...all, seeds: ALL_COVERED_FROM - 1, transitions: others })).toEqual([]);
  });

  it('names a transition that was taken although it cannot be', () => {
    const [impossible] = [...TRANSITIONS].find(([, transition]) => whyNever(transition))!;
    const more = { ...all, transitions: { ...all.transitions, [impossible]: 1 } };
    expect(verdictOf(more)).toEqual([`taken although it cannot be: ${impossible}`]);
  });

  it('says how a seed that failed is replayed', () => {
    const failures = [{ seed: 7, start: 'given', breaches: [{ promise: 'I4', what: 'ahead' }] }];
    expect(verdictOf({ ...all, failures }).join('\n')).toContain('npm run simulate -- --seed 7 --trace');
  });
});
