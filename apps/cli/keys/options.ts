import { stat } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { TraoError } from '../../../libs/errors';
import { KeyAdmin, type Unlock } from '../../../libs/keystore';
import type { Directory } from '../../../libs/schema';
import { readDirectoryFile } from '../directory/directory-files';
import { jsonOption } from '../local/running';
import { askPassphrase } from './ask-passphrase';

/** Options that all commands on keys have. */
export interface KeyOptions {
  readonly keys?: string;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
  readonly pinFile?: string;
  readonly directory?: string;
  readonly json?: boolean;
}

/** The folder with what opens it, and the directory to compare with. */
export interface OpenedKeys {
  readonly admin: KeyAdmin;
  readonly folder: string;
  readonly directory: Directory | undefined;
}

/** Adds the options that all commands on keys have. The environment of a process of the node does, too. */
export function withKeyOptions(command: Command): Command {
  return command
    .addOption(new Option('--keys <folder>', 'folder of the keys of one process').env('TRAO_KEYS'))
    .addOption(new Option('--key-file <file>', 'file of 32 random bytes that opens it').env('TRAO_KEY_FILE'))
    .addOption(
      new Option('--passphrase-file <file>', 'file with the passphrase; without both you are asked').env(
        'TRAO_KEY_PASSPHRASE_FILE',
      ),
    )
    .addOption(new Option('--pin-file <file>', 'PIN of the token that holds keys').env('TRAO_PKCS11_PIN_FILE'))
    .addOption(new Option('--directory <file>', 'directory to compare with').env('TRAO_DIRECTORY'))
    .addOption(jsonOption());
}

/**
 * Opens the keys that a command is about.
 * @param make makes the folder where it is missing
 * @throws TraoError `config_invalid`, `key_*`
 */
export async function openKeys(options: KeyOptions, make = false): Promise<OpenedKeys> {
  const { keys: folder } = options;
  if (folder === undefined) throw new TraoError('config_invalid', { detail: 'Say which keys: --keys FOLDER.' });
  const directory =
    options.directory === undefined ? undefined : (await readDirectoryFile(options.directory)).directory;
  const isNew = make && !(await stat(folder).catch(() => undefined));
  const admin = await KeyAdmin.open(folder, await unlockOf(options, isNew), directory, make);
  return { admin, folder, directory };
}

/** What opens the keys: as the options say, or as a person types it. @throws TraoError `config_invalid` */
export async function unlockOf({ keyFile, passphraseFile }: KeyOptions, isNew: boolean): Promise<Unlock> {
  if (keyFile !== undefined && passphraseFile !== undefined)
    throw new TraoError('config_invalid', {
      detail: 'One of --key-file and --passphrase-file opens the keys, not both.',
    });
  if (keyFile !== undefined) return { keyFile };
  if (passphraseFile !== undefined) return { passphraseFile };
  const passphrase = await askPassphrase('Passphrase of the keys: ');
  if (isNew && (await askPassphrase('Once more: ')) !== passphrase)
    throw new TraoError('config_invalid', { detail: 'The two passphrases differ.' });
  return { passphrase };
}

/** A point in time that somebody has typed: a day, or RFC 3339. @throws TraoError `bad_request` */
export function timeOf(text: string, option: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(time.getTime()))
    throw new TraoError('bad_request', { detail: `${option} is a day such as 2027-01-31, or a time in RFC 3339.` });
  return time;
}

/** @throws TraoError `bad_request` */
export function wholeNumber(text: string, option: string, most: number): number {
  const number = Number(text);
  if (/^[1-9]\d*$/.test(text) && number <= most) return number;
  throw new TraoError('bad_request', { detail: `${option} must be a whole number from 1 to ${most}.` });
}
