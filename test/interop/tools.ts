import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Software of others that shares no code with ours: Debian's packages `jose`, `python3-jwcrypto` and `openssl`. */
const PEER = path.join(__dirname, 'jwcrypto_peer.py');
/** Debian's own Python first: one from elsewhere does not see Debian's modules. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

const runs = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

const python = PYTHONS.find((program) => runs(program, '-c', 'import jwcrypto'));
const missing = [
  ...(python === undefined ? ['python3-jwcrypto'] : []),
  ...(runs('jose', 'alg') ? [] : ['jose']),
  ...(runs('openssl', 'version') ? [] : ['openssl']),
];

if (missing.length > 0)
  process.stderr.write(`interoperability is not proven here: no ${missing.join(', ')} (see test/interop/README.md)\n`);

/** For what needs the tools: left out, with a line that says so, where they are not there. */
export const describeWithTools = missing.length === 0 ? describe : describe.skip;

/** What is missing where it must not be: in CI. */
export const missingInCi = () => (process.env['CI'] === undefined ? [] : missing);

/** What a tool made of it, or that it refused. */
export type Answer<A> = (A & { readonly refused?: undefined }) | { readonly refused: string };

/** Has the partner in Python do something. */
export function ask<A>(deed: string, input: object): Answer<A> {
  const { status, stdout, stderr } = spawnSync(python!, ['-I', PEER], {
    input: JSON.stringify({ do: deed, ...input }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`jwcrypto_peer.py ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Answer<A>;
}

/** Runs a program. Answers what it wrote, or undefined when it refused. */
export function run(
  program: 'jose' | 'openssl',
  args: readonly string[],
  input?: string | Uint8Array,
): Buffer | undefined {
  const { status, stdout, error } = spawnSync(program, args, { ...(input !== undefined && { input }) });
  if (error) throw error;
  return status === 0 ? stdout : undefined;
}

/** Writes files for programs into a folder, and answers their names. */
export function filesIn(folder: string) {
  return (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
}
