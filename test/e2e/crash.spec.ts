import { setTimeout as pause } from 'node:timers/promises';
import { example } from '../harness/examples';
import { brokenPromises, untilAllFinal, type Promised } from '../harness/ledger';
import { queueKinds, startTwoNodes, type App, type NodeId, type TwoNodes } from '../harness/two-nodes';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const COUNT = 100;
const SENDERS = 4;
const VICTIMS: readonly (readonly [NodeId, App])[] = [
  ['vn', 'worker'],
  ['gb', 'gateway'],
  ['gb', 'worker'],
];

/** Numbers in [0, 1) out of a seed (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe.each(queueKinds())('faults in mid-flow, queue on %s', (queue) => {
  let nodes: TwoNodes;
  const promised: Promised[] = [];

  beforeAll(async () => {
    nodes = await startTwoNodes(queue);
  });
  afterAll(() => nodes?.stop());

  /** Sends all messages from several callers while `trouble` goes on. */
  async function flow(count: number, trouble: () => Promise<void>): Promise<string[]> {
    const ids: string[] = [];
    const sender = async () => {
      for (let n = 0; n < count / SENDERS; n += 1) {
        ids.push((await nodes.office.send(senderUnit, REFERRAL)).messageId);
        await pause(20);
      }
    };
    await Promise.all([trouble(), ...Array.from({ length: SENDERS }, sender)]);
    promised.push(...ids.map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: recipientUnit })));
    return ids;
  }

  it('kill -9 of workers and gateway: every message stored once, with one verified final receipt', async () => {
    const seed = Number(process.env['TRAO_SEED'] ?? Date.now() % 1_000_000);
    process.stderr.write(`crash on ${queue}: TRAO_SEED=${seed}\n`);
    const random = seeded(seed);
    const ids = await flow(COUNT, async () => {
      for (const [node, app] of [...VICTIMS, ...VICTIMS]) {
        await pause(100 + random() * 500);
        await nodes.killApp(node, app);
      }
    });
    expect(ids).toHaveLength(COUNT);
    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: 120_000 });
    expect(await brokenPromises(nodes, promised)).toEqual([]);
  });

  it('a queue that is emptied loses nothing', async () => {
    const empty = async () => {
      if (nodes.redis) return void (await nodes.redis.command('FLUSHALL'));
      for (const node of ['vn', 'gb'] as const) {
        const database = await nodes.database(node);
        const tables = await database.query<{ name: string }>(
          `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename LIKE '%job%'`,
        );
        if (tables.length === 0) throw new Error('The queue has no table of jobs.');
        await database.query(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
      }
    };
    const ids = await flow(40, async () => {
      // Often enough to hit jobs, which live for milliseconds only.
      for (let n = 0; n < 40; n += 1) {
        await pause(10);
        await empty();
      }
    });
    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: 120_000 });
    expect(await brokenPromises(nodes, promised)).toEqual([]);
  });
});
