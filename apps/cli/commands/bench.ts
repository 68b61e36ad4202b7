import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';

/** Measurements are part of the tests, which no app imports: they run as a program of their own. */
const PROGRAM = join(__dirname, '..', '..', '..', 'test', 'bench', 'main.js');

/** `bench`: hands all options on; `trao bench --help` lists them. */
export function addBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('Measures throughput, latency and CPU per message on this machine.')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (options: readonly string[]) => {
      process.exitCode = await runBench(options);
    });
}

function runBench(args: readonly string[]): Promise<number> {
  if (!existsSync(PROGRAM))
    throw new TraoError('start_failed', { detail: `${PROGRAM} is missing: the package is not complete.` });
  // The IPC channel ends with us: the benchmark then stops what it has started, also after kill -9.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
