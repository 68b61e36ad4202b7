import type { Environment } from './config';

/** How a Node.js process was started. */
export interface Runtime {
  readonly env: Environment;
  /** Flags on its command line. */
  readonly execArgv: readonly string[];
  /** Where a debugger could connect; undefined while none can. */
  readonly debugger: string | undefined;
}

/** Variables that weaken a process or make it tell what it knows, whatever their value. */
const VARIABLES: Readonly<Record<string, string>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: 'it switches TLS checks',
  SSLKEYLOGFILE: 'it writes TLS secrets to a file',
  NODE_DEBUG: 'it writes what passes through the network to the log',
  NODE_DEBUG_NATIVE: 'it writes what passes through the network to the log',
};

/** Flags of the same kind, on the command line or in NODE_OPTIONS; each stands for all that begin with it. */
const FLAGS: Readonly<Record<string, string>> = {
  '--inspect': 'a debugger reads keys and content',
  '--debug': 'a debugger reads keys and content',
  '--tls-keylog': 'it writes TLS secrets to a file',
  '--trace-tls': 'it writes what passes through TLS to the log',
  '--insecure-http-parser': 'it takes requests that other programs read differently',
  '--security-revert': 'it brings a security fault back',
  '--openssl-legacy-provider': 'it brings broken algorithms back',
  '--heapsnapshot': 'it writes the memory of the process to a file',
  '--heap-prof': 'it writes the memory of the process to a file',
  '--report-on': 'it writes the state of the process to a file',
  '--abort-on-uncaught-exception': 'it writes the memory of the process to a file',
};

/** What of the way in which a process was started has no place in production, and what to do about it. */
export function runtimeFaults({ env, execArgv, debugger: open }: Runtime): string[] {
  const variables = Object.entries(VARIABLES)
    .filter(([name]) => env[name] !== undefined)
    .map(([name, why]) => `${name} is set (${why}): unset it`);
  const given = [
    ...execArgv.map((flag) => ({ flag, from: 'the command line' })),
    ...(env['NODE_OPTIONS'] ?? '').split(/\s+/).map((flag) => ({ flag, from: 'NODE_OPTIONS' })),
  ];
  const flags = given.flatMap(({ flag, from }) => {
    // Node.js reads an underscore in a flag as a dash.
    const name = flag.split('=')[0]!.replaceAll(/["']/g, '').replaceAll('_', '-');
    const known = Object.keys(FLAGS).find((prefix) => name.startsWith(prefix));
    return known === undefined ? [] : [`${name} in ${from} (${FLAGS[known]}): remove it`];
  });
  const listens = open !== undefined && flags.length === 0 ? ['a debugger can connect: start without one'] : [];
  return [...variables, ...flags, ...listens];
}
