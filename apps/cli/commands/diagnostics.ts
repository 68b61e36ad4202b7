import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { monitorsOf, withMonitor, type MonitorOptions } from '../monitor-client';
import { printJson } from '../output';

/** `diagnostics`: what somebody who helps gets of each node. */
export function addDiagnosticsCommand(program: Command): void {
  withMonitor(
    program
      .command('diagnostics')
      .description('Collects versions, states and counts for somebody who helps: no message, no person, no secret.')
      .option('--out <file>', 'write it there, readable for you alone; on stdout otherwise'),
  ).action(async ({ out, ...options }: MonitorOptions & { readonly out?: string }) => {
    const nodes = await Promise.all(monitorsOf(options).map((monitor) => monitor.get<object>('/v1/diagnostics')));
    if (out === undefined) return printJson({ nodes });
    try {
      // A file that is there may be anything: it is not written over.
      writeFileSync(out, `${JSON.stringify({ nodes }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      throw new TraoError('config_invalid', { detail: `${out} cannot be written, or is there already.`, cause });
    }
    if (options.json) printJson({ ok: true, file: out });
    else process.stdout.write(`${out}\n`);
  });
}
