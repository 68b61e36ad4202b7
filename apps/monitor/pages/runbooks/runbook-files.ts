import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlertKind } from '../../../../libs/monitoring';

/** The repository or package lies one folder further above what is compiled than above the sources. */
const FOLDERS = ['../../../..', '../../../../..'].map((up) => join(__dirname, up, 'docs', 'runbooks'));

/** The runbook of a kind of alert; undefined where this installation has none. The kind is one of the catalogue: it names no other file. */
export async function readRunbook(kind: AlertKind): Promise<string | undefined> {
  const file = FOLDERS.map((folder) => join(folder, `${kind}.md`)).find(existsSync);
  return file === undefined ? undefined : readFile(file, 'utf8');
}
