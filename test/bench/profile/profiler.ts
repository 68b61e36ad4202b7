import type { Database } from '../../../libs/storage';
import { startServerCosts } from '../server-costs';
import { profileAll, type Probed } from './probes';
import { selfTimesOf, type SelfTimes } from './self-times';
import { batchSizesOf, countStatements, type BatchSize, type StatementRow } from './statements';
import { startBackends, startThreads, type CpuByName } from './threads';

/** Where the time of a span went. */
export interface LoadProfile {
  readonly processes: readonly ProcessProfile[];
  readonly backends: CpuByName;
  readonly statements: readonly StatementRow[];
  readonly batches: readonly BatchSize[];
  readonly commits: number;
  readonly walBytes: number;
}

export interface ProcessProfile extends SelfTimes {
  readonly name: string;
  readonly threads: CpuByName;
}

/** Begins to look at everything; the returned function ends it. Being looked at costs CPU: throughput beside it is not to be quoted. */
export async function startProfile(
  folder: string,
  processes: readonly Probed[],
  admin: Pick<Database, 'query'>,
): Promise<() => Promise<LoadProfile>> {
  const endStatements = await countStatements(admin);
  const endServer = await startServerCosts(admin);
  const endBackends = await startBackends(admin);
  const endCpu = await profileAll(folder, processes);
  const endThreads = processes.map(({ pid }) => startThreads(pid));
  return async () => {
    const threads = endThreads.map((end) => end());
    const [statements, server, backends] = await Promise.all([endStatements(), endServer(), endBackends()]);
    const profiles = await endCpu();
    return {
      processes: processes.map(({ name }, index) => ({
        name,
        threads: threads[index]!,
        ...selfTimesOf(profiles.get(name)!),
      })),
      backends,
      statements,
      batches: batchSizesOf(statements),
      ...server,
    };
  };
}
