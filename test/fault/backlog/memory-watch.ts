import { readFileSync } from 'node:fs';
import { memoryMbOfTree, parseStatus } from '../../bench/proc';
import type { TwoNodes } from '../../harness/two-nodes';
import { judgeMemory, type Memory } from './judge-memory';

const EVERY_MS = 5_000;

/** Looks every five seconds how much memory each process of two nodes holds, PostgreSQL with all its connections as one. */
export class MemoryWatch {
  private readonly samples = new Map<string, number[]>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly nodes: TwoNodes) {
    this.timer = setInterval(() => void this.look().catch(() => undefined), EVERY_MS);
  }

  /** @returns what each process held, in MiB */
  async stop(): Promise<Readonly<Record<string, Memory>>> {
    clearInterval(this.timer);
    await this.look();
    return Object.fromEntries([...this.samples].map(([name, values]) => [name, judgeMemory(values)]));
  }

  private async look(): Promise<void> {
    for (const [name, pid] of Object.entries(await this.nodes.pids())) this.note(name, residentMb(pid));
    const cluster = `${this.nodes.folder}/postgres/cluster/postmaster.pid`;
    this.note('postgres', memoryMbOfTree(Number(readFileSync(cluster, 'utf8').split('\n')[0])));
  }

  private note(name: string, mb: number | undefined): void {
    if (mb === undefined) return;
    this.samples.set(name, [...(this.samples.get(name) ?? []), mb]);
  }
}

function residentMb(pid: number): number | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS');
  } catch {
    return undefined; // it ended in between
  }
}
