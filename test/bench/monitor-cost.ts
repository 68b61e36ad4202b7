import { setTimeout as pause } from 'node:timers/promises';
import { cpus } from 'node:os';
import type { Database } from '../../libs/storage';
import type { OperatorSession } from '../harness/operator-session';
import { cpuMsOf } from './proc';
import { rounded } from './percentiles';

/** What an operator costs who loads overview and messages once a second, beside a monitor that nobody looks at. */
export interface WatchingCost {
  /** CPU of the monitor and of its connections to PostgreSQL, in milliseconds for each second. */
  readonly idleMsPerS: number;
  readonly watchedMsPerS: number;
  /** The difference as a part of all cores, in percent: so much less is left for deliveries on a machine that has nothing to spare. */
  readonly machinePercent: number;
}

const EACH_MS = 1_000;

/** Loads both pages once a second until it is stopped; answers how many pages came. */
export function watch(operator: OperatorSession): { stop(): Promise<number> } {
  let stopped = false;
  let pages = 0;
  const running = (async () => {
    while (!stopped) {
      const begun = performance.now();
      for (const path of ['/overview', '/messages']) {
        const { status } = await operator.get(path);
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        pages += 1;
      }
      await pause(Math.max(0, EACH_MS - (performance.now() - begun)));
    }
  })();
  running.catch(() => undefined); // told by `stop`
  return {
    async stop() {
      stopped = true;
      await running;
      return pages;
    },
  };
}

/**
 * Measures CPU, not throughput: it stays what it is when others use the machine too.
 * @param monitorPid the process of the monitor
 * @param database as its owner, to see which connections are the monitor's
 */
export async function measureCost(
  operator: OperatorSession,
  monitorPid: number,
  database: Pick<Database, 'query'>,
  seconds: number,
): Promise<WatchingCost> {
  const idleMsPerS = await cpuPerSecond(monitorPid, database, seconds);
  const eyes = watch(operator);
  const watchedMsPerS = await cpuPerSecond(monitorPid, database, seconds);
  await eyes.stop();
  const machinePercent = rounded((watchedMsPerS - idleMsPerS) / (10 * cpus().length), 2);
  return { idleMsPerS: rounded(idleMsPerS, 1), watchedMsPerS: rounded(watchedMsPerS, 1), machinePercent };
}

async function cpuPerSecond(monitorPid: number, database: Pick<Database, 'query'>, seconds: number): Promise<number> {
  const look = async () => {
    const rows = await database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'trao-monitor' AND datname = current_database()`,
    );
    return new Map([monitorPid, ...rows.map(({ pid }) => pid)].map((pid) => [pid, cpuMsOf(pid) ?? 0]));
  };
  const begun = performance.now();
  const before = await look();
  // Often enough that a connection that ends in between takes little with it.
  let spent = 0;
  let last = before;
  while (performance.now() - begun < seconds * 1000) {
    await pause(200);
    const now = await look();
    for (const [pid, ms] of now) spent += ms - (last.get(pid) ?? 0);
    last = now;
  }
  return (spent * 1000) / (performance.now() - begun);
}
