import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Seen } from './seen';
import { runSeed } from '../simulator/run';

/** Runs the simulator of a copy of the sources until it sees something, in a process of its own. */
export function runSimulator(folder: string, seeds: number): Seen {
  const program = path.join('test', 'fault', 'planted.ts');
  const args = [
    '--disable-warning=ExperimentalWarning',
    path.join('test', 'run.cjs'),
    program,
    '--simulate',
    String(seeds),
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) return { looked: '', broken: stderr.slice(-2_000) };
  if (stdout === '') return { looked: '', broken: 'a run came to no end' };
  return JSON.parse(stdout) as Seen;
}

/** The other side of it: seeds from 1 on, up to the first that breaks a promise. */
export async function simulate(seeds: number): Promise<Seen> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { breaches } = await runSeed(seed);
    const [first] = breaches;
    if (first) return { looked: `${seed} seeds`, failure: `${first.promise}: ${first.what}` };
  }
  return { looked: `${seeds} seeds` };
}
