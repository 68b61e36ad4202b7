import type { Command } from 'commander';
import type { Check } from '../local/check-line';
import { dataOption, jsonOption } from '../local/running';
import { printJson } from '../output';

const MARK = { ok: '✓', warning: '!', fault: '✗' } as const;

/** `doctor`: one line per check with cause and next command. Exit 0 all well, 1 warnings, 2 faults. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Checks this installation and the demonstration, one line per check.')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ data, json }: { data: string; json?: boolean }) => {
      const { runChecks } = await import('../local/checks.js');
      const checks = await runChecks(data);
      if (json) printJson({ ok: checks.every((check) => check.result === 'ok'), checks });
      else for (const check of checks) printCheck(check);
      process.exitCode = checks.some((check) => check.result === 'fault')
        ? 2
        : checks.some((check) => check.result === 'warning')
          ? 1
          : 0;
    });
}

function printCheck({ name, result, cause, next }: Check): void {
  process.stdout.write(`${MARK[result]} ${name}: ${cause}${next ? ` → ${next}` : ''}\n`);
}
