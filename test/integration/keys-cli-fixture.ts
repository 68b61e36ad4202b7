import { Command } from 'commander';
import { addKeysCommands } from '../../apps/cli/commands/keys';
import { asTraoError, type TraoError } from '../../libs/errors';

export interface KeysResult {
  readonly stdout: string;
  readonly failure: TraoError | undefined;
  readonly exitCode: number;
}

/** Runs `trao keys ARGS` in this process. */
export async function keysCli(...args: readonly string[]): Promise<KeysResult> {
  const program = new Command('trao').exitOverride();
  addKeysCommands(program);
  let stdout = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program.parseAsync(['keys', ...args], { from: 'user' });
    return { stdout, failure: undefined, exitCode: Number(process.exitCode) };
  } catch (error) {
    return { stdout, failure: asTraoError(error), exitCode: 1 };
  } finally {
    write.mockRestore();
    process.exitCode = before;
  }
}

/** The same for a command that must go well, answering its JSON. */
export async function keysJson<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
  const { stdout, failure } = await keysCli(...args, '--json');
  if (failure) throw failure;
  return JSON.parse(stdout) as T;
}
