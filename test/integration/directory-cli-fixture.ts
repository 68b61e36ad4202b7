import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runDirectory } from '../../apps/cli/directory/fixtures/run-directory';
import type { Directory, DirectoryKey, DirectoryNode, DirectoryUnit } from '../../libs/schema';
import { signDirectory } from '../../libs/trust';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { jsonOf, runCommand, type CommandResult } from './command-fixture';
import { directoryOfToday } from './directory-fixture';
import { makeTestFolder, span } from './keystore-fixture';

/** Runs `trao directory ARGS` in this process. */
export const directoryCli = (...args: readonly string[]): Promise<CommandResult> => runCommand(runDirectory, args);

/** The same for a command that must go well, answering its JSON. */
export const directoryJson = async <T = Record<string, unknown>>(...args: readonly string[]): Promise<T> =>
  jsonOf<T>(await directoryCli(...args, '--json'));

/** A country with the folder of its governance key. Nobody else reaches it. */
export interface Country {
  readonly id: string;
  readonly folder: string;
  readonly keyOptions: readonly string[];
  /** What stands in the directory. */
  readonly entry: DirectoryKey;
  /** A file in the folder of the country. */
  file(name: string): string;
  /** A new governance key, as `trao keys export-public` gives it out. */
  newKey(): Promise<{ readonly node: string; readonly keys: readonly object[] }>;
}

/** @param name of its key; without it the name follows from the key */
export async function makeCountry(id: string, folder: string, name?: string): Promise<Country> {
  const keys = await makeTestFolder(path.join(folder, id));
  const generate = async (wanted?: string) => {
    const {
      kid,
      public: jwk,
      notBefore,
      notAfter,
    } = await keys.admin.generate({ use: 'governance', kid: wanted, ...span() }, 'Ed25519');
    return { kid, jwk: jwk as DirectoryKey['jwk'], notBefore, notAfter, status: 'active' as const };
  };
  return {
    id,
    folder: keys.folder,
    keyOptions: ['--keys', keys.folder, '--key-file', keys.keyFile],
    entry: await generate(name),
    file: (name) => path.join(keys.folder, name),
    newKey: async () => ({ node: id, keys: [{ use: 'governance', key: await generate() }] }),
  };
}

/** What `propose --json` prints. */
export interface Proposal {
  readonly file: string;
  readonly version: number;
  readonly fingerprint: string;
  readonly findings: readonly {
    readonly code: string;
    readonly weight: string;
    readonly place: string;
    readonly after?: string;
    readonly fingerprint?: string;
  }[];
}

/** A desk with two countries and a version 7 that both know. Nobody has signed it: who is missing can be seen. */
export interface Desk {
  readonly folder: string;
  readonly vn: Country;
  readonly gb: Country;
  readonly directory: Directory;
  /** Files. */
  readonly base: string;
  readonly anchor: string;
  write(name: string, content: string | object): string;
  /** A file that is not there yet. */
  fresh(): string;
  edited(edit: (directory: Directory, vn: DirectoryNode, unit: DirectoryUnit) => unknown): Directory;
  propose(...args: readonly string[]): Promise<Proposal>;
  close(): void;
}

export async function openDesk(name: string): Promise<Desk> {
  const folder = makeTempFolder(name);
  const [vn, gb] = [await makeCountry('vn', folder), await makeCountry('gb', folder)];
  const keys = [
    { ...vn.entry, node: 'vn' },
    { ...gb.entry, node: 'gb' },
  ];
  const directory: Directory = { ...(await directoryOfToday()), version: 7, governance: { threshold: 2, keys } };
  const { trustDomain, governance } = directory;
  let made = 0;
  const write = (file: string, content: string | object) => {
    const where = path.join(folder, file);
    writeFileSync(where, typeof content === 'string' ? content : JSON.stringify(content));
    return where;
  };
  const fresh = () => path.join(folder, `out-${(made += 1)}.json`);
  return {
    folder,
    vn,
    gb,
    directory,
    base: write('base.json', await signDirectory(directory, [])),
    anchor: write('anchor.json', { trustDomain, governance }),
    write,
    fresh,
    edited(edit) {
      const copy = structuredClone(directory);
      edit(copy, copy.nodes[0]!, copy.nodes[0]!.units[0]!);
      return copy;
    },
    propose: (...args) => directoryJson<Proposal>('propose', ...args, '--out', fresh()),
    close: () => removeTempFolder(folder),
  };
}
