import { url as debuggerUrl } from 'node:inspector';
import { TraoError } from '../errors';
import type { OperationsConfig, PagesConfig } from './config';
import { fileFaults } from './production-files';
import { runtimeFaults, type Runtime } from './production-runtime';
import { signInFaults } from './production-sign-in';
import type { TlsFiles } from './tls-files';

/** Of the configuration of a process, what may be of development. */
export interface ProductionConfig {
  /** JSON text. */
  readonly trustAnchor: string;
  readonly directoryFile: string;
  readonly keys?: { readonly folder: string; readonly unlock: Readonly<Record<string, string>> };
  readonly tls?: TlsFiles;
  readonly databaseUrl: string;
  readonly operations?: OperationsConfig | undefined;
  readonly pages?: Pick<PagesConfig, 'issuer' | 'publicUrl' | 'invented'> | undefined;
}

/**
 * A node whose trust anchor is of `production` starts only when nothing of it is of development, and nothing about the process tells
 * what it knows. No switch of its own says so, because it could be forgotten. A node of another domain starts with all of that.
 * @param isEmbedded whether the embedded PostgreSQL serves the database
 * @throws TraoError `not_for_production` with all faults and what to do about each
 */
export async function assertFitForProduction(
  config: ProductionConfig,
  isEmbedded: () => Promise<boolean>,
  runtime: Runtime = { env: process.env, execArgv: process.execArgv, debugger: debuggerUrl() },
): Promise<void> {
  if (!isProduction(config.trustAnchor)) return;
  const { directoryFile, keys, tls } = config;
  const places = {
    TRAO_DIRECTORY: directoryFile,
    ...(keys && { TRAO_KEYS: keys.folder, ...unlockPlaces(keys.unlock) }),
    ...tlsPlaces(tls),
  };
  const next = 'set up a server of your own, see docs/how-to/real-servers.md';
  const faults = [
    ...runtimeFaults(runtime),
    ...(await fileFaults(places, directoryFile, tls)),
    ...signInFaults(config.pages),
    ...operationsFaults(config.operations),
    ...((await isEmbedded()) ? [`DATABASE_URL: the embedded PostgreSQL serves it: ${next}`] : []),
  ];
  if (faults.length > 0) throw new TraoError('not_for_production', { detail: `${faults.join('; ')}.` });
  // Without a listener, Node.js opens a debugger port for whoever may send this signal.
  process.on('SIGUSR1', () => undefined);
}

/** Addresses that stand for all of a machine. */
const EVERYWHERE = ['0.0.0.0', '::', '[::]', '*'];

/** Metrics and health say nothing of a person, and partners have no business with them. */
function operationsFaults(operations: OperationsConfig | undefined): string[] {
  if (!operations || operations.exposed || !EVERYWHERE.includes(operations.host)) return [];
  return [
    `TRAO_OPS_HOST: ${operations.host} is every address of this machine: name the one that Prometheus asks, or set TRAO_OPS_EXPOSED=true`,
  ];
}

function isProduction(trustAnchor: string): boolean {
  try {
    return (JSON.parse(trustAnchor) as { trustDomain?: unknown } | null)?.trustDomain === 'production';
  } catch {
    return false; // no anchor, no start: whoever reads it says so
  }
}

const unlockPlaces = ({ keyFile, passphraseFile }: Readonly<Record<string, string>>) => ({
  ...(keyFile !== undefined && { TRAO_KEY_FILE: keyFile }),
  ...(passphraseFile !== undefined && { TRAO_KEY_PASSPHRASE_FILE: passphraseFile }),
});

function tlsPlaces(tls: TlsFiles | undefined): Record<string, string> {
  if (!tls) return {};
  return 'pfx' in tls ? { TRAO_TLS_PFX: tls.pfx } : { TRAO_TLS_CERT: tls.cert, TRAO_TLS_KEY: tls.key };
}
