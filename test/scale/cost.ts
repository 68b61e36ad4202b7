import { setTimeout as pause } from 'node:timers/promises';
import { untilAllFinal } from '../harness/ledger';
import { NODES } from '../harness/two-nodes';
import type { ScaledNetwork } from './scaled-network';
import type { Traffic } from './traffic';

/** What one message costs both nodes together, in bytes that do not depend on how busy the machine is. */
export interface Cost {
  readonly messages: number;
  /** Rows and indexes of both databases. */
  readonly databaseBytes: number;
  /** Write-ahead log of both databases: what a standby, or an archive, gets. */
  readonly walBytes: number;
  /** Between the gateways and their partners, TLS included, both ways. */
  readonly wireBytes: number;
}

const MEASURED_MS = 30_000;
/** Autovacuum and checkpoints of a young database would count as messages: a checkpoint before each look makes them few. */
const LOOK = `SELECT pg_database_size(current_database())::float8 AS size, (pg_current_wal_lsn() - '0/0')::float8 AS wal`;

/** Sends for half a minute with nothing amiss, and looks at what has become more. */
export async function measureCost(network: ScaledNetwork, traffic: Traffic, perSecond: number): Promise<Cost> {
  const before = await look(network);
  const first = traffic.sent.length;
  traffic.start(perSecond);
  await pause(MEASURED_MS);
  await traffic.stop();
  const sent = traffic.sent.slice(first);
  for (const from of NODES) {
    const ids = sent.filter((message) => message.from === from).map(({ id }) => id);
    await untilAllFinal(network.seen, from, ids, { timeoutMs: 180_000 });
  }
  const after = await look(network);
  const each = (name: keyof typeof after) => Math.round((after[name] - before[name]) / sent.length);
  return { messages: sent.length, databaseBytes: each('size'), walBytes: each('wal'), wireBytes: each('wire') };
}

async function look(network: ScaledNetwork): Promise<{ size: number; wal: number; wire: number }> {
  const total = { size: 0, wal: 0, wire: 0 };
  for (const id of NODES) {
    const database = await network.seen.database(id);
    await database.query('CHECKPOINT');
    const [row] = await database.query<{ size: number; wal: number }>(LOOK);
    const { received, sent } = await network.nodes[id].haproxy.wireBytes();
    total.size += row!.size;
    total.wal += row!.wal;
    total.wire += received + sent;
  }
  return total;
}
