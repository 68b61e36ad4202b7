import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentilesOf, rounded } from './percentiles';

/** What the figures depend on besides the program. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Undefined until a server was started. */
  readonly postgres: string | undefined;
  /** Processes that wanted to run, averaged over 1, 5 and 15 minutes, when the benchmark began: on a quiet machine near 0. */
  readonly loadAverage: readonly number[];
  /** How long the disk takes to make 8 KB durable: the median of some tries. Every commit waits for this. */
  readonly diskSyncMs: number | null;
}

const SYNCS = 50;
const PAGE = Buffer.alloc(8192, 1);

export function describeMachine(folder: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: rounded(totalmem() / 2 ** 30, 1),
    node: process.version,
    platform: `${process.platform} ${process.arch} ${release()}`,
    postgres: undefined,
    loadAverage: loadavg().map((load) => rounded(load, 2)),
    diskSyncMs: rounded(diskSyncMs(join(folder, 'sync.tmp'))),
  };
}

function diskSyncMs(path: string): number | null {
  const file = openSync(path, 'w');
  try {
    const times = Array.from({ length: SYNCS }, () => {
      const begun = performance.now();
      writeSync(file, PAGE);
      fdatasyncSync(file);
      return performance.now() - begun;
    });
    return percentilesOf(times).p50;
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
