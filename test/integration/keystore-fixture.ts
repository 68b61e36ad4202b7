import { readdirSync } from 'node:fs';
import path from 'node:path';
import { KeyAdmin, makeKeyFile, openKeystore, type Keystore, type KeystoreSettings } from '../../libs/keystore';

export const DAY_MS = 86_400_000;
/** From a day ago, for a year. */
export const span = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) });

/** The folder of a process, with the file that opens it. */
export interface TestFolder {
  readonly folder: string;
  readonly keyFile: string;
  readonly admin: KeyAdmin;
  open(more?: Partial<KeystoreSettings>): Promise<Keystore>;
  /** The one file of a key. */
  fileOf(kid: string): string;
}

export async function makeTestFolder(folder: string): Promise<TestFolder> {
  const keyFile = `${folder}.key`;
  await makeKeyFile(keyFile);
  return openTestFolder(folder, keyFile);
}

export async function openTestFolder(folder: string, keyFile: string): Promise<TestFolder> {
  const unlock = { keyFile };
  return {
    folder,
    keyFile,
    admin: await KeyAdmin.open(folder, unlock, undefined, true),
    open: (more) => openKeystore({ folder, unlock, ...more }),
    fileOf(kid) {
      const name = readdirSync(folder, { recursive: true }).find((file) => String(file).endsWith(`/${kid}.json`));
      return path.join(folder, String(name));
    },
  };
}
