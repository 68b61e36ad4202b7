import { cpuMsOf, cpuMsOfTree, memoryMbOfTree, peakMbOf, resetPeak } from './proc';

/** A process that is measured. A `tree` is a server whose connections are processes of their own, as PostgreSQL's are. */
export interface Measured {
  readonly name: string;
  readonly pid: number;
  readonly kind: 'single' | 'tree';
}

/** CPU time by process, in milliseconds; null where the system does not tell. */
export type CpuByProcess = Readonly<Record<string, number | null>>;

/** Memory by process, in MiB; null where the system does not tell. */
export type MemoryByProcess = Readonly<Record<string, number | null>>;

/** Begins a measurement; the returned function ends it and answers the CPU time spent in between. */
export function startCpu(processes: readonly Measured[]): () => CpuByProcess {
  const before = processes.map(cpuOf);
  return () =>
    Object.fromEntries(
      processes.map((process, index) => {
        const [from, to] = [before[index], cpuOf(process)];
        return [process.name, from === undefined || to === undefined ? null : to - from];
      }),
    );
}

/** Begins to watch for the most memory; the returned function answers it by process, in MiB. */
export function startMemory(processes: readonly Measured[]): () => MemoryByProcess {
  for (const { pid } of processes) resetPeak(pid);
  return () =>
    Object.fromEntries(
      processes.map(({ name, pid, kind }) => [name, (kind === 'tree' ? memoryMbOfTree(pid) : peakMbOf(pid)) ?? null]),
    );
}

/** All processes together; null when one of them is not known, because a sum without it would look better than it is. */
export function totalCpu(cpu: CpuByProcess): number | null {
  return Object.values(cpu).reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}

const cpuOf = ({ pid, kind }: Measured) => (kind === 'tree' ? cpuMsOfTree(pid) : cpuMsOf(pid));
