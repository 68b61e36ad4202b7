import { Option, type Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { SUITE_NAMES, type Suite } from '../../../libs/envelope';
import type { MadeBackup } from '../backup/make-backup';
import type { Manifest } from '../backup/parts';
import { databaseFileOption, databaseOption, databaseUrlOf, type DatabaseOptions } from '../backup/database-options';
import { jsonOption } from '../local/running';
import { printJson } from '../output';

interface CreateOptions extends DatabaseOptions {
  readonly out: string;
  readonly encryptTo: string;
  readonly node: string;
  readonly keys?: readonly string[];
  readonly directory?: string;
  readonly anchor?: string;
  readonly clients?: string;
  readonly operators?: string;
  readonly tls?: readonly string[];
  readonly opener?: readonly string[];
  readonly json?: boolean;
}

/** `backup`: a whole node as one encrypted file. `backup keygen` makes the key of it, `backup verify` reads one to its end. */
export function addBackupCommands(program: Command): void {
  const backup = program.command('backup').description('Backs a node up into one encrypted file.');
  addCreate(backup);
  backup
    .command('keygen')
    .description('Makes the keys of whoever keeps the backups: FILE private, FILE.public.json for the node.')
    .requiredOption('--out <file>', 'file of the private key; take it away from the machine of the node')
    .addOption(
      new Option('--suite <suite>', 'how keys of backups are encrypted').choices(SUITE_NAMES).default('hybrid'),
    )
    .addOption(jsonOption())
    .action(async ({ out, suite, json }: { out: string; suite: Suite; json?: boolean }) => {
      const { makeRecipient } = await import('../backup/recipient.js');
      const made = await makeRecipient(out, suite);
      if (json) return printJson({ ok: true, file: out, ...made });
      say(`The private key ${made.kid} is in ${out}: it opens every backup. Keep it, and a copy, far from the node.`);
      say(`Next, on the node: trao backup --out FILE --encrypt-to ${made.publicFile}`);
    });
  backup
    .command('verify')
    .description('Reads a backup from the first to the last byte and says what is in it. Nothing is written.')
    .argument('<file>')
    .requiredOption('--key <file>', 'private key that opens it')
    .addOption(jsonOption())
    .action(async (file: string, { key, json }: { key: string; json?: boolean }) => {
      const [{ verifyBackup }, { readOpener }] = await Promise.all([
        import('../backup/read-backup.js'),
        import('../backup/recipient.js'),
      ]);
      const manifest = await verifyBackup(file, await readOpener(key), Boolean(json));
      if (json) printJson({ ok: true, file, manifest });
      else printManifest(file, manifest);
    });
}

function addCreate(backup: Command): void {
  backup
    .command('create', { isDefault: true })
    .description('Backs a node up into one encrypted file (also without this word).')
    .requiredOption('--out <file>', 'the backup; a file that is there is never overwritten')
    .requiredOption('--encrypt-to <file>', 'public key of whoever keeps the backups (trao backup keygen)')
    .addOption(databaseOption())
    .addOption(databaseFileOption())
    .addOption(new Option('--node <id>', 'node of the backup').env('TRAO_NODE').makeOptionMandatory())
    .option('--keys <folder...>', 'folders of keys, of every process of the node; default: TRAO_KEYS')
    .addOption(new Option('--directory <file>', 'signed directory').env('TRAO_DIRECTORY'))
    .addOption(new Option('--anchor <file>', 'trust anchor').env('TRAO_TRUST_ANCHOR'))
    .addOption(new Option('--clients <file>', 'clients of the office').env('TRAO_CLIENTS'))
    .addOption(new Option('--operators <file>', 'operators of the monitor').env('TRAO_OPERATORS'))
    .option('--tls <file...>', 'certificate and key of TLS; default: those of TRAO_TLS_CERT, _KEY and _PFX')
    .option('--opener <file...>', 'also takes what opens the folders of keys; without it, keep that apart')
    .addOption(jsonOption())
    .action(async (options: CreateOptions) => {
      const { makeBackup } = await import('../backup/make-backup.js');
      const keys = options.keys ?? settings('TRAO_KEYS');
      if (keys.length === 0)
        throw new TraoError('config_invalid', { detail: 'Say which keys: --keys FOLDER, once for every process.' });
      const one = (file: string | undefined) => (file === undefined ? [] : [file]);
      const { directory, anchor, clients, operators, opener = [] } = options;
      const files = {
        directory: one(directory),
        anchor: one(anchor),
        clients: one(clients),
        operators: one(operators),
        tls: options.tls ?? settings('TRAO_TLS_CERT', 'TRAO_TLS_KEY', 'TRAO_TLS_PFX'),
        opener,
      };
      const databaseUrl = await databaseUrlOf(options);
      const order = { ...options, databaseUrl, sources: { keys, files }, quiet: Boolean(options.json) };
      const made = await makeBackup(order, new Date());
      if (options.json) printJson({ ok: true, ...made });
      else printMade(made, opener.length > 0);
    });
}

/** Values of settings of this process that are set. */
const settings = (...names: readonly string[]) => names.flatMap((name) => process.env[name] || []);

function printMade({ file, bytes, sha256, kid, parts, noted }: MadeBackup, withOpener: boolean): void {
  say(`${file}: ${bytes} bytes, ${parts} parts, SHA-256 ${sha256}, for the key ${kid}.`);
  if (!withOpener)
    say('What opens the folders of keys (key file or passphrase) is not in it: keep that apart, or nothing opens.');
  if (!noted) say('The database could not note that this backup was made: the monitor will think it missing.');
  say(`Next, where the private key is: trao backup verify ${file} --key FILE`);
}

function printManifest(file: string, { node, madeAt, schema, postgres, parts }: Manifest): void {
  say(`${file} is whole: node ${node}, made ${madeAt}, ${schema.count} migrations, PostgreSQL ${postgres.server}.`);
  for (const { name, bytes } of parts) say(`  ${name}  ${bytes}`);
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
