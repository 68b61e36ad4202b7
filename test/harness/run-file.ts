import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './paths';

/** Runs a JavaScript file of the repository in a process with this environment only, and answers its exit code. */
export function runFile(name: string, env: Readonly<Record<string, string>>): Promise<number | null> {
  const child = spawn(process.execPath, [path.join(ROOT, name)], { env, stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}
