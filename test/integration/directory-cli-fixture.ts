import { Command } from 'commander';
import path from 'node:path';
import { addDirectoryCommands } from '../../apps/cli/commands/directory';
import { asTraoError, type TraoError } from '../../libs/errors';
import type { DirectoryKey } from '../../libs/schema';
import { makeTestFolder, span } from './keystore-fixture';

/** What a command has said, and how it ended. */
export interface CliResult {
  readonly stdout: string;
  readonly failure: TraoError | undefined;
  readonly exitCode: number;
}

/** Runs `trao directory ARGS` in this process. */
export async function directoryCli(...args: readonly string[]): Promise<CliResult> {
  const program = new Command('trao').exitOverride();
  addDirectoryCommands(program);
  let stdout = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program.parseAsync(['directory', ...args], { from: 'user' });
    return { stdout, failure: undefined, exitCode: Number(process.exitCode) };
  } catch (error) {
    return { stdout, failure: asTraoError(error), exitCode: 1 };
  } finally {
    write.mockRestore();
    process.exitCode = before;
  }
}

/** The same for a command that must go well, answering its JSON. */
export async function directoryJson<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
  const { stdout, failure } = await directoryCli(...args, '--json');
  if (failure) throw failure;
  return JSON.parse(stdout) as T;
}

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

export async function makeCountry(id: string, folder: string): Promise<Country> {
  const keys = await makeTestFolder(path.join(folder, id));
  const generate = async () => {
    const {
      kid,
      public: jwk,
      notBefore,
      notAfter,
    } = await keys.admin.generate({ use: 'governance', ...span() }, 'Ed25519');
    return { kid, jwk: jwk as DirectoryKey['jwk'], notBefore, notAfter, status: 'active' as const };
  };
  return {
    id,
    folder: keys.folder,
    keyOptions: ['--keys', keys.folder, '--key-file', keys.keyFile],
    entry: await generate(),
    file: (name) => path.join(keys.folder, name),
    newKey: async () => ({ node: id, keys: [{ use: 'governance', key: await generate() }] }),
  };
}
