import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../fakes/seeded-random';
import { NODES, type NodeId, type TwoNodes } from '../../harness/two-nodes';
import { draw } from '../proxy';
import { count, dishonest, sentTwice } from './refusals';
import type { Scenario } from './scenario';
import { during } from './traffic';

/** Connections of the processes, not those of the tests. */
const OURS = `datname LIKE 'trao_%' AND usename <> 'postgres' AND backend_type = 'client backend'`;
const ROLES = ['gateway', 'office', 'worker'] as const;

/** Ends some of the connections of both nodes. Answers how many. */
async function terminate(nodes: TwoNodes, random: () => number): Promise<number> {
  const admin = await nodes.database('vn');
  const rows = await admin.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE ${OURS} ORDER BY pid`);
  const struck = rows.filter(() => random() < 0.3).map(({ pid }) => pid);
  await admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [struck]);
  return struck.length;
}

/** Lets nobody write into a table for a while: whoever wants to waits with a connection in hand. */
async function lock(nodes: TwoNodes, node: NodeId, table: string, forMs: number): Promise<void> {
  const database = await nodes.database(node);
  await database.transaction(async (query) => {
    await query(`LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    await pause(forMs);
  });
}

export const DATABASE: readonly Scenario[] = [
  {
    name: 'postgres_crash',
    how: 'PostgreSQL of both nodes ended with SIGQUIT in mid-flow, twice, and started again after 3 s to 6 s',
    async run({ nodes }, seed) {
      let healedAt = 0;
      const flow = await during(nodes, async () => {
        for (let n = 0; n < 2; n += 1) {
          await pause(1_500 + draw(seed, n) * 1_500);
          await nodes.crashPostgres();
          await pause(3_000 + draw(seed, n, 1) * 3_000);
          await nodes.startPostgres();
          healedAt = Date.now();
        }
      });
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { refusals: count(flow) } };
    },
  },
  {
    name: 'backends_terminated',
    how: 'pg_terminate_backend of 30 % of all connections, 40 times, every 100 ms to 400 ms',
    async run({ nodes }, seed) {
      const random = seededRandom(seed);
      let struck = 0;
      const flow = await during(
        nodes,
        async () => {
          for (let n = 0; n < 40; n += 1) {
            await pause(100 + random() * 300);
            struck += await terminate(nodes, random);
          }
        },
        { everyMs: 200 },
      );
      const healedAt = Date.now();
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { struck, refusals: count(flow) } };
    },
  },
  {
    name: 'no_connections',
    how: 'PostgreSQL refuses all connections of the roles (CONNECTION LIMIT 0) for 15 s and ends the open ones',
    async run({ nodes }) {
      const admin = await nodes.database('vn');
      const limit = async (to: number) => {
        for (const node of NODES)
          for (const role of ROLES) await admin.query(`ALTER ROLE trao_${node}_${role} CONNECTION LIMIT ${to}`);
      };
      let healedAt = 0;
      const flow = await during(nodes, async () => {
        await pause(1_500);
        await limit(0);
        await terminate(nodes, () => 0);
        await pause(15_000);
        await limit(-1);
        healedAt = Date.now();
      });
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { refusals: count(flow) } };
    },
  },
  {
    name: 'slow_partner',
    how: 'gb stores nothing for 28 s (lock on its inbox): its gateway’s pool is exhausted, its answers take longer than the sender waits',
    async run({ nodes }) {
      let healedAt = 0;
      const flow = await during(
        nodes,
        async () => {
          await pause(1_000);
          await lock(nodes, 'gb', 'inbox', 28_000);
          healedAt = Date.now();
        },
        { everyMs: 400 },
      );
      const [row] = await (
        await nodes.database('vn')
      ).query<{ n: number }>(`SELECT count(*)::int AS n FROM attempt WHERE code = 'partner_timeout'`);
      return { promised: flow.promised, healedAt, alarms: [], seen: { timeouts: row!.n, refusals: count(flow) } };
    },
  },
];
