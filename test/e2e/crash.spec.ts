import { setTimeout as pause } from 'node:timers/promises';
import { flushQueue } from '../fault/points/strikes';
import { checkPromises } from '../fault/promises/check';
import { seededRandom } from '../fakes/seeded-random';
import { example } from '../harness/examples';
import { untilAllFinal, type Promised } from '../harness/ledger';
import { queueKinds, startTwoNodes, type NodeId, type TwoNodes } from '../harness/two-nodes';
import { waitFor } from '../harness/wait-for';

const REFERRAL = example('referral-protect-adult');
const { senderUnit, recipientUnit } = REFERRAL.header;
const COUNT = 100;
const SENDERS = 4;
/** Kills of a process until one has hit it with work in hand. */
const MAX_KILLS = 6;
/** Promise I9 gives 60 s after a fault has healed; a killed process needs some seconds to be back. */
const HEALED_MS = 75_000;

describe.each(queueKinds())('the flow, queue on %s', (queue) => {
  let nodes: TwoNodes;
  const promised: Promised[] = [];

  beforeAll(async () => {
    nodes = await startTwoNodes(queue);
  });
  afterAll(() => nodes?.stop());

  /** Sends messages from several callers, one every `everyMs` each, while `trouble` goes on and at least `count` of them. */
  async function flow(count: number, everyMs: () => number, trouble: () => Promise<void>): Promise<string[]> {
    const ids: string[] = [];
    let troubled = true;
    const sender = async () => {
      for (let n = 0; n < count / SENDERS || troubled; n += 1) {
        ids.push((await nodes.office.send(senderUnit, REFERRAL)).messageId);
        await pause(n < count / SENDERS ? everyMs() : 1_000);
      }
    };
    const untilOver = trouble().finally(() => (troubled = false));
    await Promise.all([untilOver, ...Array.from({ length: SENDERS }, sender)]);
    promised.push(...ids.map((id): Promised => ({ id, from: 'vn', to: 'gb', unit: recipientUnit })));
    return ids;
  }

  /** Kills a worker at the moment it has taken a batch. True when it died with the batch in hand. */
  async function killWithWorkInHand(node: NodeId): Promise<boolean> {
    const database = await nodes.database(node);
    const isRunning = async () => (await nodes.pids())[`${node}-worker`] !== undefined;
    await waitFor(`${node}-worker to run`, isRunning);
    const batch = await waitFor(
      `${node}-worker to take a batch`,
      async () => {
        const [row] = await database.query<{ id: string }>(
          `SELECT id FROM work_batch WHERE until > now() + interval '29.8 seconds' LIMIT 1`,
        );
        return row?.id;
      },
      { everyMs: 1, timeoutMs: 60_000 },
    );
    await nodes.killApp(node, 'worker');
    return (await database.query('SELECT 1 FROM work_batch WHERE id = $1', [batch])).length > 0;
  }

  it('is struck by kill -9 of the gateway, and of both workers with work in hand', async () => {
    const seed = Number(process.env['TRAO_SEED'] ?? Date.now() % 1_000_000);
    process.stderr.write(`crash on ${queue}: TRAO_SEED=${seed}\n`);
    const random = seededRandom(seed);
    const hits: Record<NodeId, number> = { vn: 0, gb: 0 };
    const killUntilHit = async (node: NodeId) => {
      for (let kill = 0; kill < MAX_KILLS && hits[node] === 0; kill += 1) {
        if (await killWithWorkInHand(node)) hits[node] += 1;
      }
    };
    // Few enough that it is up again in between: who is killed at every start is no partner.
    const killGateway = async () => {
      for (let kill = 0; kill < 2; kill += 1) {
        await pause(200 + random() * 800);
        await nodes.killApp('gb', 'gateway');
      }
    };
    const ids = await flow(
      COUNT,
      () => random() * 250,
      async () => {
        await Promise.all([killGateway(), killUntilHit('vn')]);
        await killUntilHit('gb');
      },
    );
    expect(ids.length).toBeGreaterThanOrEqual(COUNT);
    // Otherwise nothing was tested.
    expect(hits).toEqual({ vn: 1, gb: 1 });
  });

  it('is struck by a queue that is emptied again and again', async () => {
    const ids = await flow(
      40,
      () => 20,
      async () => {
        // Often enough to hit jobs, which live for milliseconds only.
        for (let n = 0; n < 40; n += 1) {
          await pause(10);
          await flushQueue(nodes);
        }
      },
    );
    expect(ids.length).toBeGreaterThanOrEqual(40);
  });

  it('stores every message exactly once, with one verified final receipt, soon after the last fault', async () => {
    expect(promised.length).toBeGreaterThanOrEqual(COUNT + 40);
    const ids = promised.map(({ id }) => id);
    await untilAllFinal(nodes, 'vn', ids, { timeoutMs: HEALED_MS });
    expect((await checkPromises(nodes, promised)).faults).toEqual([]);
  });
});
