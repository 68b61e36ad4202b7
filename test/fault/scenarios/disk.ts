import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { appendFileSync, chmodSync, chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TwoNodes } from '../../harness/two-nodes';
import { count, dishonest, sentTwice } from './refusals';
import type { Scenario, ScenarioContext } from './scenario';
import { during } from './traffic';

const MB = 1_048_576;
/** What PostgreSQL may write until the disk is full by itself. */
const SPARE_MB = 48;
const FULL_MS = 20_000;

const clusterOf = ({ folder }: TwoNodes) => path.join(folder, 'postgres', 'cluster');

/** Moves the cluster of both nodes onto a small file system of its own, at the same place. */
async function ontoSmallDisk({ nodes, atEnd }: ScenarioContext): Promise<string> {
  const cluster = clusterOf(nodes);
  await nodes.crashPostgres();
  const { uid, gid } = statSync(cluster);
  const used = Number(execFileSync('du', ['-sm', cluster], { encoding: 'utf8' }).split('\t')[0]);
  const before = `${cluster}.before`;
  renameSync(cluster, before);
  mkdirSync(cluster, { mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${used + SPARE_MB}m,mode=0700`, 'tmpfs', cluster]);
  atEnd(() => execFileSync('umount', ['--lazy', cluster]));
  chownSync(cluster, uid, gid);
  chmodSync(cluster, 0o700);
  execFileSync('cp', ['-a', `${before}/.`, cluster]);
  rmSync(before, { recursive: true });
  await nodes.startPostgres();
  return cluster;
}

/** Fills the file system to its last byte, also what somebody gives back for a moment. */
async function keepFull(disk: string, forMs: number): Promise<() => void> {
  const ballast = path.join(disk, 'ballast');
  const until = Date.now() + forMs;
  while (Date.now() < until) {
    const { bavail, bsize } = statfsSync(disk);
    try {
      if (bavail > 0) appendFileSync(ballast, Buffer.alloc(Math.min(bavail * bsize, 4 * MB)));
      else await pause(200);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  return () => rmSync(ballast);
}

/** A server that could not write its log of transactions has ended: whoever runs it starts it again, as systemd does. */
async function startIfEnded(nodes: TwoNodes): Promise<number> {
  const file = path.join(clusterOf(nodes), 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  if (pid > 0 && existsSync(`/proc/${pid}`)) return 0;
  await nodes.startPostgres();
  return 1;
}

export const DISK: readonly Scenario[] = [
  {
    name: 'disk_full',
    how: 'the cluster of both nodes on a small tmpfs, full to the last byte for 20 s',
    needs: ['mount'],
    async run(context) {
      const { nodes } = context;
      const disk = await ontoSmallDisk(context);
      let healedAt = 0;
      let restarts = 0;
      const flow = await during(
        nodes,
        async () => {
          await pause(3_000);
          const free = await keepFull(disk, FULL_MS);
          free();
          restarts = await startIfEnded(nodes);
          healedAt = Date.now();
        },
        { least: 8, everyMs: 200 },
      );
      const refusals = count(flow);
      const faults = [...dishonest(flow), ...(await sentTwice(nodes, flow))];
      // Otherwise the disk was not full for anybody.
      if (refusals === 0) faults.push('nothing was refused: the fault did not strike');
      return { promised: flow.promised, healedAt, alarms: [], faults, seen: { refusals, restarts } };
    },
  },
];
