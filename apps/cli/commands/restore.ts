import type { Command } from 'commander';
import { jsonOption } from '../local/running';
import { printJson } from '../output';
import { databaseFileOption, databaseOption, databaseUrlOf, type DatabaseOptions } from '../backup/database-options';
import { say } from './backup';

interface RestoreOptions extends DatabaseOptions {
  readonly from: string;
  readonly key: string;
  readonly keysTo: string;
  readonly rolePasswords?: string;
  readonly json?: boolean;
}

/** `restore`: a node from its backup, into an empty database and a new folder. */
export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description(
      'Restores a node from a backup into an empty database and a new folder. All is verified before it writes.',
    )
    .requiredOption('--from <file>', 'the backup')
    .requiredOption('--key <file>', 'private key that opens it')
    .addOption(databaseOption())
    .addOption(databaseFileOption())
    .requiredOption('--keys-to <folder>', 'new folder for keys, directory and lists')
    .option('--role-passwords <file>', 'passwords of the database roles; default: new ones, in that folder')
    .addOption(jsonOption())
    .action(async ({ rolePasswords, json, ...options }: RestoreOptions) => {
      const { restoreBackup } = await import('../backup/restore-backup.js');
      const databaseUrl = await databaseUrlOf(options);
      const order = { ...options, databaseUrl, passwords: rolePasswords, quiet: Boolean(json) };
      const { manifest, database, roles, passwordFile, steps } = await restoreBackup(order);
      const { node, madeAt } = manifest;
      if (json)
        return printJson({ ok: true, node, madeAt, database, roles, passwordFile, steps, keys: options.keysTo });
      say(`${node} as of ${madeAt} is restored: database ${database}, keys and lists in ${options.keysTo}.`);
      if (steps.length > 0) say(`Its tables were brought up to date: ${steps.join(', ')}.`);
      say('Next:');
      say(
        `  1. Point DATABASE_URL of every process to its role (${roles.join(', ')}); the passwords are in ${passwordFile}.`,
      );
      say(`  2. Point TRAO_KEYS, TRAO_DIRECTORY, TRAO_TRUST_ANCHOR and TRAO_CLIENTS into ${options.keysTo}.`);
      say('  3. Make sure that the old node is off and stays off: two of them would answer for one.');
      say(
        '  4. Start the gateway, then the worker: what partners have not been answered they send again by themselves.',
      );
      say(`  5. Look at what was sent after ${madeAt}: docs/how-to/back-up-and-restore.md says how.`);
    });
}
