import { asTraoError, type TraoError } from '../../libs/errors';

/** What a command has said, and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly failure: TraoError | undefined;
  readonly exitCode: number;
}

/** Runs a command of the command line in this process. */
export async function runCommand(
  run: (args: readonly string[]) => Promise<unknown>,
  args: readonly string[],
): Promise<CommandResult> {
  let stdout = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await run(args);
    return { stdout, failure: undefined, exitCode: Number(process.exitCode) };
  } catch (error) {
    return { stdout, failure: asTraoError(error), exitCode: 1 };
  } finally {
    write.mockRestore();
    process.exitCode = before;
  }
}

/** The JSON of a command that must go well. */
export function jsonOf<T>({ stdout, failure }: CommandResult): T {
  if (failure) throw failure;
  return JSON.parse(stdout) as T;
}
