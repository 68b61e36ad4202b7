import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openServer, type Server } from '../../apps/cli/local/databases';
import { Database } from '../../libs/storage';
import type { BareSettings } from './bare-settings';
import type { Cleanup } from './cleanup';
import { startCpu, totalCpu, type Measured } from './meter';
import { makeKeys, type NodeId } from './parties';
import { rounded } from './percentiles';
import { clusterOf, postmasterPid } from './postgres';
import { say } from './say';

export interface BareSize {
  readonly sizeBytes: number;
  readonly throughputPerS: number;
  /** Of each run, where there were several. */
  readonly throughputs?: readonly number[];
  readonly cpuMsPerMessage: number | null;
  readonly cpuMsByProcess: Readonly<Record<string, number | null>>;
}

const WARM_UP_S = 2;
const DRAIN_LIMIT_S = 10;

/**
 * What two plain processes reach with the same cryptography, database and transport, and nothing between: one message a request, no
 * queue, no framework, no batches. It is the yardstick for what Trao's own machinery costs or saves.
 */
export async function measureBare(
  folder: string,
  ports: number,
  sizes: readonly number[],
  seconds: number,
  cleanup: Cleanup,
): Promise<BareSize[]> {
  const portOf = (node: NodeId) => ports + (node === 'vn' ? 1 : 2);
  const keys = join(folder, 'keys');
  await makeKeys(keys, (node) => `https://127.0.0.1:${portOf(node)}`);
  const server = await openServer(folder);
  cleanup.add('bare PostgreSQL', () => server.stop());
  cleanup.addCluster(clusterOf(folder));
  const postgres: Measured = { name: 'postgres', pid: await postmasterPid(server.adminUrl), kind: 'tree' };
  const urls = { vn: await newDatabase(server, 'bare_vn'), gb: await newDatabase(server, 'bare_gb') };

  const results: BareSize[] = [];
  for (const sizeBytes of sizes) {
    say(`bare pipeline, ${sizeBytes} bytes`);
    const settingsOf = (node: NodeId, partner: NodeId): BareSettings => ({
      node,
      keys,
      databaseUrl: urls[node],
      port: portOf(node),
      partnerPort: portOf(partner),
      sizeBytes,
    });
    const receiver = await startHalf('bare-receiver', settingsOf('gb', 'vn'), cleanup);
    const sender = await startHalf('bare-sender', settingsOf('vn', 'gb'), cleanup);
    results.push(await measureSize(sizeBytes, seconds, sender, receiver, postgres));
    for (const half of [sender, receiver]) await endHalf(half);
  }
  await cleanup.run('bare PostgreSQL');
  return results;
}

/** Two runs as one. */
export function meanOf(first: readonly BareSize[], second: readonly BareSize[]): BareSize[] {
  return first.map((one, index) => {
    const other = second[index]!;
    const mean = (a: number | null, b: number | null) => (a === null || b === null ? null : rounded((a + b) / 2, 2));
    return {
      ...one,
      throughputPerS: mean(one.throughputPerS, other.throughputPerS)!,
      cpuMsPerMessage: mean(one.cpuMsPerMessage, other.cpuMsPerMessage),
      throughputs: [one.throughputPerS, other.throughputPerS],
    };
  });
}

async function measureSize(
  sizeBytes: number,
  seconds: number,
  sender: ChildProcess,
  receiver: ChildProcess,
  postgres: Measured,
): Promise<BareSize> {
  const processes = [
    { name: 'sender', pid: sender.pid ?? 0, kind: 'single' } as const,
    { name: 'receiver', pid: receiver.pid ?? 0, kind: 'single' } as const,
    postgres,
  ];
  sender.send('start');
  await pause(WARM_UP_S * 1000);
  const endCpu = startCpu(processes);
  const begun = performance.now();
  const before = await countOf(sender);
  await pause(seconds * 1000);
  const messages = (await countOf(sender)) - before;
  const elapsedMs = performance.now() - begun;
  const cpu = endCpu();
  sender.send('stop');
  await drained(sender);
  const perMessage = (value: number | null) => (value === null || messages === 0 ? null : rounded(value / messages));
  return {
    sizeBytes,
    throughputPerS: rounded((messages * 1000) / elapsedMs, 1),
    cpuMsPerMessage: perMessage(totalCpu(cpu)),
    cpuMsByProcess: Object.fromEntries(Object.entries(cpu).map(([name, value]) => [name, perMessage(value)])),
  };
}

async function newDatabase(server: Server, name: string): Promise<string> {
  const admin = await Database.open({ url: server.adminUrl, poolSize: 1, applicationName: 'trao-bench' });
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  const url = new URL(server.adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Starts one half and waits until it serves. It ends when the channel to us closes, however we end. */
function startHalf(name: string, settings: BareSettings, cleanup: Cleanup): Promise<ChildProcess> {
  const child = fork(join(__dirname, `${name}.js`), [JSON.stringify(settings)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  cleanup.add(`${name} ${settings.sizeBytes}`, () => endHalf(child));
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

async function endHalf(half: ChildProcess): Promise<void> {
  if (half.exitCode !== null || half.signalCode !== null) return;
  const exited = once(half, 'exit');
  if (half.connected) half.disconnect();
  await exited;
}

function countOf(sender: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`bare-sender ended with ${code}`));
    sender.once('exit', ended);
    sender.once('message', (answer) => {
      sender.off('exit', ended);
      resolve((answer as { delivered: number }).delivered);
    });
    sender.send('count');
  });
}

/** Waits until nothing more is delivered. */
async function drained(sender: ChildProcess): Promise<void> {
  const end = performance.now() + DRAIN_LIMIT_S * 1000;
  for (let before = -1, now = 0; now !== before && performance.now() < end;) {
    before = now;
    await pause(250);
    now = await countOf(sender);
  }
}
