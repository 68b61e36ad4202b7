import { setTimeout as pause } from 'node:timers/promises';
import type { TestBed } from './bed';
import type { DraftPool } from './draft-pool';
import { driveAtMaximum, driveAtRate } from './drivers';
import { startCpu, startMemory, totalCpu, type CpuByProcess, type MemoryByProcess } from './meter';
import { nowMs, OfficeLoad, type Submitted } from './office-load';
import { percentilesOf, rounded } from './percentiles';
import type { LoadProfile } from './profile/profiler';
import type { Reached } from './sender-database';
import { startServerCosts, startTableCosts } from './server-costs';
import { startWire } from './wire';

/** `sustained` is a maximum that is measured for minutes; `50/s` an open loop at a rate that was asked for. */
export type Load = 'maximum' | 'sustained' | 'light' | '80%' | `${number}/s`;

export interface CellOptions {
  /** Enough approved referrals for the whole cell. */
  readonly drafts: DraftPool;
  readonly load: Load;
  /** Of the open loops; the closed loop offers as much as is taken. */
  readonly ratePerS: number | undefined;
  readonly warmUpS: number;
  readonly seconds: number;
  /** Whether processes and statements are looked into, where that was asked for. */
  readonly looked?: boolean;
}

/** One measurement. Latencies count from the moment an approved referral was handed over for sending (closed loop) or due (open loop). */
export interface CellResult {
  readonly load: Load;
  /** How many latencies the percentiles stand on. */
  readonly messages: number;
  readonly offeredPerS: number;
  readonly throughputPerS: number;
  /** Messages that were delivered in the measurement: what `PerMessage` is per. */
  readonly delivered: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly receivedP50Ms: number | null;
  readonly receivedP95Ms: number | null;
  readonly receivedP99Ms: number | null;
  /** All processes of both nodes, PostgreSQL and Redis; without the load generator. */
  readonly cpuMsPerMessage: number | null;
  readonly cpuMsByProcess: CpuByProcess;
  readonly loadGeneratorCpuMsPerMessage: number | null;
  readonly rssMb: MemoryByProcess;
  /** Transactions and WAL of both nodes for each delivered message. */
  readonly commitsPerMessage: number | null;
  readonly walBytesPerMessage: number | null;
  /** What the tables of both nodes grew by, with indexes, for each message: by node and table. Short measurements say little. */
  readonly tableBytesPerMessage: Readonly<Record<string, number>>;
  /** Between the gateways and whoever called them, for each delivered message; null without `ss`. */
  readonly wireBytesPerMessage: number | null;
  readonly connections: number | null;
  /** Messages that were not delivered at the end of the measurement, and how long they then took. */
  readonly backlog: number;
  readonly drainMs: number;
  /** Messages that were never delivered, and submissions that were not taken. Not zero: the figures are void. */
  readonly undelivered: number;
  readonly refused: number;
  /** Why they were not taken: how often, by status or code of the error. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly profile?: LoadProfile;
}

export const DRAIN_LIMIT_MS = 30_000;

/** Loads two nodes for a while and measures what they do in the steady part. */
export async function measureCell(bed: TestBed, options: CellOptions): Promise<CellResult> {
  const { warmUpS, seconds, ratePerS } = options;
  const endTables = await startTableCosts(bed.owners);
  const load = new OfficeLoad(bed.office, options.drafts);
  const driver =
    ratePerS === undefined
      ? driveAtMaximum(load, bed.database)
      : driveAtRate(load, { ratePerS, seconds: warmUpS + seconds });
  // An office waits for its connections before it ends: when we are interrupted, they must be gone first.
  bed.cleanup.add('load', () => {
    void driver.stop();
    load.abort();
  });
  await pause(warmUpS * 1000);

  const span = await measureSpan(bed, seconds, options.looked ? bed.profile : undefined);
  const backlog = await bed.database.backlog();
  await driver.stop();
  await load.close();
  await bed.cleanup.run('load');
  const undelivered = await bed.database.drain(DRAIN_LIMIT_MS);
  const drainMs = nowMs() - span.toMs;
  const tables = await endTables();
  const sent = Math.max(load.submitted.length, 1);

  const delivered = await bed.database.deliveredBetween(span.fromMs, span.toMs);
  const counted = load.submitted.filter(({ startedMs }) => startedMs >= span.fromMs && startedMs < span.toMs);
  const perS = (count: number) => rounded((count * 1000) / (span.toMs - span.fromMs), 1);
  const perMessage = (value: number | null) => (value === null || delivered === 0 ? null : rounded(value / delivered));
  return {
    load: options.load,
    offeredPerS: ratePerS ?? perS(counted.length),
    throughputPerS: perS(delivered),
    delivered,
    ...latencies(counted, await bed.database.reachedSince(span.fromMs)),
    cpuMsPerMessage: perMessage(totalCpu(span.cpu)),
    cpuMsByProcess: mapped(span.cpu, perMessage),
    loadGeneratorCpuMsPerMessage: perMessage(span.ownCpuMs),
    rssMb: mapped(span.memory, (value) => rounded(value, 0)),
    commitsPerMessage: perMessage(span.server.commits),
    walBytesPerMessage: perMessage(span.server.walBytes),
    tableBytesPerMessage: Object.fromEntries(tables.map(({ table, bytes }) => [table, rounded(bytes / sent, 0)])),
    wireBytesPerMessage: perMessage(span.wire?.bytes ?? null),
    connections: span.wire?.connections ?? null,
    backlog,
    drainMs: rounded(drainMs, 0),
    undelivered,
    refused: [...load.failures.values()].reduce((total, count) => total + count, 0),
    refusals: Object.fromEntries(load.failures),
    ...(span.profile && { profile: span.profile }),
  };
}

async function measureSpan(bed: TestBed, seconds: number, profile: TestBed['profile']) {
  const endProfile = await profile?.();
  const endServer = await startServerCosts(bed.admin);
  const endWire = startWire(bed.gatewayPorts);
  const endMemory = startMemory(bed.processes);
  const endCpu = startCpu(bed.processes);
  const ownCpu = process.cpuUsage();
  const fromMs = nowMs();
  await pause(seconds * 1000);
  const toMs = nowMs();
  const { user, system } = process.cpuUsage(ownCpu);
  const taken = { fromMs, toMs, cpu: endCpu(), memory: endMemory(), ownCpuMs: (user + system) / 1000 };
  return { ...taken, wire: endWire(), server: await endServer(), profile: await endProfile?.() };
}

function latencies(counted: readonly Submitted[], reached: ReadonlyMap<string, Reached>) {
  const since = (pick: (times: Reached) => number | undefined) =>
    counted.flatMap(({ id, startedMs }) => {
      const times = reached.get(id);
      const at = times && pick(times);
      return at === undefined ? [] : [at - startedMs];
    });
  const toDelivered = since((times) => times.deliveredMs);
  const delivered = percentilesOf(toDelivered);
  const received = percentilesOf(since((times) => times.receivedMs));
  return {
    messages: toDelivered.length,
    p50Ms: rounded(delivered.p50, 1),
    p95Ms: rounded(delivered.p95, 1),
    p99Ms: rounded(delivered.p99, 1),
    receivedP50Ms: rounded(received.p50, 1),
    receivedP95Ms: rounded(received.p95, 1),
    receivedP99Ms: rounded(received.p99, 1),
  };
}

function mapped(values: CpuByProcess, change: (value: number | null) => number | null): CpuByProcess {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
