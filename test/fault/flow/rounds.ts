import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../libs/storage';
import { untilAllFinal } from '../../harness/ledger';
import type { TwoNodes } from '../../harness/two-nodes';
import { laneOf, type Filler } from '../backlog/filler';

const PATIENCE = { timeoutMs: 180_000 };
/** Of /proc/PID/stat, in every Linux that Node.js runs on. */
const TICKS_PER_S = 100;

/** What one round of messages from Viet Nam to the United Kingdom has shown. */
export interface Round {
  readonly ids: readonly string[];
  /** From the commit of a message to `delivered`, in milliseconds; in the order of their commits. */
  readonly times: readonly number[];
  /** Seconds of CPU that each process used a second of the round, by its name. */
  readonly cpu: Readonly<Record<string, number>>;
}

/** Sends at a steady rate, whatever becomes of what was sent before, and waits for all of it. */
export async function playRound(
  nodes: TwoNodes,
  filler: Filler,
  { perS, seconds, pids }: { perS: number; seconds: number; pids: Readonly<Record<string, number>> },
): Promise<Round> {
  const before = cpuOf(pids);
  const began = Date.now();
  const sending: Promise<readonly { readonly id: string }[]>[] = [];
  for (let n = 0; n < perS * seconds; n += 1) {
    await pause(Math.max(0, began + (n * 1_000) / perS - Date.now()));
    sending.push(filler.fill(1, () => laneOf(n)));
  }
  const ids = (await Promise.all(sending)).flat().map(({ id }) => id);
  const [after, tookS] = [cpuOf(pids), (Date.now() - began) / 1_000];
  await untilAllFinal(nodes, 'vn', ids, PATIENCE);
  const used = Object.entries(after).map(([name, s]) => [name, Number(((s - (before[name] ?? s)) / tookS).toFixed(2))]);
  return {
    ids,
    times: await latencies(await nodes.database('vn'), ids),
    cpu: Object.fromEntries(used) as Round['cpu'],
  };
}

async function latencies(database: Database, ids: readonly string[]): Promise<number[]> {
  const rows = await database.query<{ ms: number }>(
    `SELECT 1000 * extract(epoch FROM max(at) FILTER (WHERE state = 'delivered') - min(at) FILTER (WHERE state = 'queued'))::float8 AS ms
     FROM delivery_event WHERE message_id = ANY ($1::uuid[]) GROUP BY message_id ORDER BY min(at)`,
    [ids],
  );
  return rows.map(({ ms }) => Math.round(ms));
}

function cpuOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      // The name of the program stands in brackets and may hold blanks; user and system time are the 12th and 13th word after it.
      const words = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return [name, (Number(words[11]) + Number(words[12])) / TICKS_PER_S];
    }),
  );
}
