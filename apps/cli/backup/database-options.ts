import { Option } from 'commander';
import { TraoError } from '../../../libs/errors';
import { readBytes } from '../directory/directory-files';

/** How a command finds the database of a node: as its owner, who alone may change tables and read all of them. */
export interface DatabaseOptions {
  readonly databaseUrl?: string;
  readonly databaseUrlFile?: string;
}

export const databaseOption = () =>
  new Option('--database-url <url>', 'the database, as its owner').env('DATABASE_URL');
export const databaseFileOption = () =>
  new Option('--database-url-file <file>', 'file with that address: a command line is read by everybody').env(
    'DATABASE_URL_FILE',
  );

/** @throws TraoError `config_invalid`, `bad_request` */
export async function databaseUrlOf({ databaseUrl, databaseUrlFile }: DatabaseOptions): Promise<string> {
  const url = databaseUrlFile === undefined ? databaseUrl : (await readBytes(databaseUrlFile)).toString('utf8').trim();
  if (url === undefined)
    throw new TraoError('config_invalid', { detail: 'Say which database: set DATABASE_URL or DATABASE_URL_FILE.' });
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol))
    throw new TraoError('config_invalid', { detail: 'The address of the database is not postgres://….' });
  return url;
}
