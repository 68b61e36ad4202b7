import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TraoError } from '../../../libs/errors';
import type { CpuProfile } from './self-times';

/** A process by its name in the supervisor, e.g. `vn-worker`. */
export interface Probed {
  readonly name: string;
  readonly pid: number;
}

const PROBE = join(__dirname, 'probe.js');
const LIMIT_MS = 15_000;
const LOOK_MS = 20;

const fileOf = (folder: string, name: string) => join(folder, `${name}.cpuprofile`);

/**
 * Flags with which Node starts a process that can be profiled. No environment: a file of its own tells each process where its profile
 * goes.
 */
export function probeFlags(folder: string, name: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const loader = join(folder, `${name}.cjs`);
  writeFileSync(loader, `require(${JSON.stringify(PROBE)}).awaitOrders(${JSON.stringify(fileOf(folder, name))});\n`);
  return ['--require', loader];
}

/** Begins a CPU profile in each process; the returned function ends them and answers the profiles by process. */
export async function profileAll(
  folder: string,
  processes: readonly Probed[],
): Promise<() => Promise<ReadonlyMap<string, CpuProfile>>> {
  for (const { name } of processes) {
    for (const end of ['', '.begun', '.done', '.failed']) rmSync(fileOf(folder, name) + end, { force: true });
  }
  await orderAll('.begun');
  return async () => {
    await orderAll('.done');
    const read = (name: string) => JSON.parse(readFileSync(fileOf(folder, name), 'utf8')) as CpuProfile;
    return new Map(processes.map(({ name }) => [name, read(name)]));
  };

  async function orderAll(sign: string): Promise<void> {
    for (const { pid } of processes) process.kill(pid, 'SIGUSR2');
    await Promise.all(processes.map(({ name }) => seen(fileOf(folder, name), sign)));
  }
}

async function seen(file: string, sign: string): Promise<void> {
  for (const end = performance.now() + LIMIT_MS; !existsSync(file + sign); await pause(LOOK_MS)) {
    if (existsSync(`${file}.failed`))
      throw new TraoError('internal', { detail: `${file}: ${readFileSync(`${file}.failed`, 'utf8')}` });
    if (performance.now() > end) throw new TraoError('internal', { detail: `${file}${sign} did not come` });
  }
  rmSync(file + sign);
}
