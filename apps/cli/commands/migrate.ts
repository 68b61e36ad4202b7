import type { Command } from 'commander';
import { jsonOption } from '../local/running';
import { printJson } from '../output';
import { databaseFileOption, databaseOption, databaseUrlOf, type DatabaseOptions } from '../backup/database-options';
import { say } from './backup';

interface MigrateOptions extends DatabaseOptions {
  readonly rolePasswords?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `migrate`: tables, queue and roles of a node. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Brings the database of a node up to date: tables, the tables of the queue, roles and their rights.')
    .addOption(databaseOption())
    .addOption(databaseFileOption())
    .option('--role-passwords <file>', 'passwords of the database roles, by process; made where the file is not there')
    .option('--dry-run', 'only says what would be done')
    .addOption(jsonOption())
    .action(async ({ rolePasswords, dryRun = false, json, ...options }: MigrateOptions) => {
      const { migrateNode } = await import('../backup/migrate-node.js');
      const done = await migrateNode(await databaseUrlOf(options), { dryRun, passwords: rolePasswords });
      if (json) return printJson({ ok: true, ...done });
      const { database, from, to, steps, roles } = done;
      say(`${database}: ${from} migrations had run; ${dryRun ? `there are ${to}` : `now ${to}`}.`);
      for (const step of steps) say(`  ${dryRun ? 'would run' : 'ran'} ${step}`);
      if (!dryRun) say(`Roles with their rights: ${roles.join(', ')}.`);
    });
}
