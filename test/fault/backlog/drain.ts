import { setTimeout as pause } from 'node:timers/promises';
import { percentile, rounded } from '../../bench/percentiles';
import type { Database } from '../../../libs/storage';
import type { TwoNodes } from '../../harness/two-nodes';
import type { Filled, Filler, Lane } from './filler';
import { MemoryWatch } from './memory-watch';
import type { Memory } from './judge-memory';

/** What a drain did, by the clock of the sender's database. */
export interface Drained {
  /** Messages that waited when the partner came back. */
  readonly waiting: number;
  readonly seconds: number;
  readonly perS: number;
  /** Seconds after the first by which 99 % of what had waited in a lane were received by the partner. */
  readonly receivedByS: Readonly<Record<Lane, number | null>>;
  /** Emergencies that were sent while the rest drained, from their commit to `delivered`, in milliseconds. */
  readonly fresh: {
    readonly count: number;
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
    /** The slowest, slowest first. */
    readonly slowest: readonly Fresh[];
  };
  readonly memory: Readonly<Record<string, Memory>>;
  readonly newIds: readonly string[];
}

/** A new emergency, in milliseconds from its commit. */
interface Fresh {
  /** When it was sent, in seconds after the first message that the partner received. */
  readonly sentAtS: number;
  readonly firstTryMs: number | null;
  readonly receivedMs: number;
  readonly ms: number;
}

const SLOWEST = 8;
const LOOK_MS = 2_000;
const TOLD_EVERY = 5;
const WAITING = `SELECT count(*)::int AS count FROM outbox WHERE state NOT IN ('delivered', 'opened', 'refused', 'expired', 'undeliverable')`;

export interface DrainParts {
  readonly nodes: TwoNodes;
  readonly filler: Filler;
  /** Messages that the partner will get. */
  readonly waiting: number;
  /** Milliseconds between two new emergencies. */
  readonly freshEveryMs: number;
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

/** The partner is back: sends emergencies, and waits until nothing is left. @throws Error when it takes too long */
export async function drain({ nodes, filler, waiting, freshEveryMs, limitMs, say }: DrainParts): Promise<Drained> {
  const database = await nodes.database('vn');
  const memory = new MemoryWatch(nodes);
  const sender = sendAll(filler, freshEveryMs);
  const end = Date.now() + limitMs;
  for (let left = waiting, look = 0; left > 0; left = await count(database), look += 1) {
    if (Date.now() > end) throw new Error(`${left} of ${waiting} messages still wait after ${limitMs / 1000} s`);
    if (look % TOLD_EVERY === 0) say(`${left} messages wait`);
    await pause(LOOK_MS);
    // What is new would keep the last look from ever finding nothing.
    if (left < waiting / 50) await sender.stop();
  }
  const fresh = await sender.stop();
  const ids = fresh.map(({ id }) => id);
  const { from, seconds } = await spanOf(database, ids);
  const latencies = await latenciesOf(database, ids, from);
  const times = latencies.map(({ ms }) => ms);
  return {
    waiting,
    seconds: rounded(seconds, 1),
    perS: rounded(waiting / seconds, 1),
    receivedByS: await lanes(database, from, ids),
    fresh: {
      count: times.length,
      p50Ms: rounded(percentile(times, 50), 0),
      p99Ms: rounded(percentile(times, 99), 0),
      slowest: latencies.slice(-SLOWEST).reverse(),
    },
    memory: await memory.stop(),
    newIds: ids,
  };
}

/** Sends an emergency at a time until it is stopped; answers all of them. */
function sendAll(filler: Filler, everyMs: number) {
  const sent: Filled[] = [];
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      sent.push(...(await filler.fill(1, () => 'emergency')));
      await pause(everyMs);
    }
  };
  const running = run();
  running.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      stopped = true;
      await running;
      return sent;
    },
  };
}

async function count(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(WAITING);
  return row!.count;
}

/** From the first message that the partner received to the last that was delivered. */
async function spanOf(database: Database, fresh: readonly string[]): Promise<{ from: Date; seconds: number }> {
  const [row] = await database.query<{ from: Date; seconds: number }>(
    `SELECT min(at) AS from, extract(epoch FROM max(at) - min(at))::float8 AS seconds
     FROM delivery_event WHERE state IN ('received', 'delivered') AND NOT message_id = ANY ($1::uuid[])`,
    [fresh],
  );
  return row!;
}

/** In order of how long they took. */
async function latenciesOf(database: Database, ids: readonly string[], from: Date): Promise<Fresh[]> {
  return database.query<Fresh>(
    `WITH times AS (SELECT message_id, min(at) FILTER (WHERE state = 'queued') AS sent, min(at) FILTER (WHERE state = 'sending') AS tried,
         min(at) FILTER (WHERE state IN ('received', 'delivered')) AS received, max(at) FILTER (WHERE state = 'delivered') AS delivered
       FROM delivery_event WHERE message_id = ANY ($1::uuid[]) GROUP BY message_id)
     SELECT ${secondsBetween('$2', 'sent')} AS "sentAtS", 1000 * ${secondsBetween('sent', 'tried')} AS "firstTryMs",
       1000 * ${secondsBetween('sent', 'received')} AS "receivedMs", 1000 * ${secondsBetween('sent', 'delivered')} AS ms FROM times ORDER BY ms`,
    [ids, from],
  );
}

const secondsBetween = (begin: string, end: string) => `round(extract(epoch FROM ${end} - ${begin}), 3)::float8`;

async function lanes(database: Database, from: Date, fresh: readonly string[]) {
  const rows = await database.query<{ lane: Lane; s: number }>(
    `SELECT o.lane, percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - $1))::float8 AS s
     FROM outbox o JOIN (SELECT message_id, min(at) AS at FROM delivery_event WHERE state IN ('received', 'delivered') GROUP BY message_id) e
       ON e.message_id = o.id
     WHERE NOT o.id = ANY ($2::uuid[]) GROUP BY o.lane`,
    [from, fresh],
  );
  const of = (lane: Lane) => rounded(rows.find((row) => row.lane === lane)?.s ?? null, 1);
  return { emergency: of('emergency'), urgent: of('urgent'), normal: of('normal') };
}
