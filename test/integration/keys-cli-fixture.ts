import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runKeys } from '../../apps/cli/keys/fixtures/run-keys';
import { makeKeyFile, openKeystore, type Keystore, type KeyMetadata } from '../../libs/keystore';
import type { Directory } from '../../libs/schema';
import { jsonOf, runCommand, type CommandResult } from './command-fixture';
import { makeAuthority } from './certificates-fixture';
import { openTestFolder, type TestFolder } from './keystore-fixture';

/** Runs `trao keys ARGS` in this process. */
export const keysCli = (...args: readonly string[]): Promise<CommandResult> => runCommand(runKeys, args);

/** The same for a command that must go well, answering its JSON. */
export const keysJson = async <T = Record<string, unknown>>(...args: readonly string[]): Promise<T> =>
  jsonOf<T>(await keysCli(...args, '--json'));

export const UNIT = 'vn.police';
export const DAY_MS = 86_400_000;

/** A day, so many days from today. */
export const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** A place with a key file, and the keys that it opens. */
export interface KeysPlace {
  /** Options of all commands on these keys. */
  readonly options: readonly string[];
  generate(...args: readonly string[]): Promise<KeyMetadata>;
  /** A path in the place. */
  file(name: string): string;
  fileWith(name: string, content: string | Uint8Array): string;
  keystore(): Promise<Keystore>;
  folder(): Promise<TestFolder>;
}

export interface Made {
  readonly keys: readonly KeyMetadata[];
}

export async function makeKeysPlace(home: string): Promise<KeysPlace> {
  const file = (name: string) => path.join(home, name);
  const [folder, keyFile] = [file('keys'), file('key')];
  await makeKeyFile(keyFile);
  const options = ['--keys', folder, '--key-file', keyFile];
  return {
    options,
    generate: async (...args) => (await keysJson<Made>('generate', ...options, ...args)).keys[0]!,
    file,
    fileWith(name, content) {
      writeFileSync(file(name), content, { mode: 0o600 });
      return file(name);
    },
    keystore: () => openKeystore({ folder, unlock: { keyFile } }),
    folder: () => openTestFolder(folder, keyFile),
  };
}

/** A directory with the exported keys of one node. */
export function directoryOf(keys: readonly { use: string; unit?: string; key: never }[]): Directory {
  const of = (use: string) => keys.filter((each) => each.use === use).map(({ key }) => key);
  const tls = of('tls')[0] as { ca?: string[]; spki: string[] } | undefined;
  return {
    schema: 'directory/v1',
    version: 1,
    issuedAt: '2026-11-01T00:00:00Z',
    expiresAt: '2027-11-01T00:00:00Z',
    trustDomain: 'test',
    governance: { threshold: 1, keys: of('governance').map((key) => Object.assign({ node: 'vn' }, key)) },
    nodes: [
      {
        id: 'vn',
        name: { en: 'Viet Nam', vi: 'Việt Nam' },
        endpoint: 'https://gateway.vn.example:8443',
        tls: { ca: tls?.ca ?? [makeAuthority('ca.vn').cert], spki: tls?.spki ?? [] },
        receiptKeys: of('receipt'),
        suites: ['hybrid', 'classic'],
        limits: { maxMessageBytes: 1_048_576, maxBatchMessages: 64, maxBatchBytes: 8_388_608 },
        calendar: 'vn',
        workingHours: { timezone: 'UTC', from: '08:00', to: '17:00' },
        contacts: [],
        units: [
          {
            id: UNIT,
            name: { en: 'Police', vi: 'Công an' },
            class: 'police',
            status: 'active',
            signingKeys: of('signing'),
            encryptionKeys: of('encryption'),
          },
        ],
      },
    ],
  };
}
