import { Option } from 'commander';
import { TraoError } from '../../../libs/errors';
import { OfficeClient } from '../office-client';
import { readAccess } from './access';
import { DEFAULT_FOLDER } from './layout';

/** `--data DIR`: the folder of the demonstration that a command speaks to. */
export const dataOption = () =>
  new Option('--data <dir>', 'folder of the demonstration').default(DEFAULT_FOLDER).env('TRAO_DATA');
export const jsonOption = () => new Option('--json', 'one JSON document on stdout');

/** The offices of the demonstration in a folder. @throws TraoError `config_invalid` when none was started there */
export function officeClient(folder: string): OfficeClient {
  const access = readAccess(folder);
  if (!access)
    throw new TraoError('config_invalid', {
      detail: `No demonstration was started in ${folder}. Start one with: npm run demo`,
    });
  return new OfficeClient(access);
}
