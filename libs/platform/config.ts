import { readFileSync } from 'node:fs';
import { TraoError } from '../errors';
import type { TlsFiles } from './tls-files';

/** Settings of a process: environment → configuration, in plain functions. All faults are listed at once. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Faults {
  readonly list: string[];
}

export interface CommonConfig {
  readonly node: string;
  readonly databaseUrl: string;
  /** The folder of this process's keys, what opens it, and the PIN of the token where keys are in a hardware module. */
  readonly keys: {
    readonly folder: string;
    readonly unlock: { readonly keyFile: string } | { readonly passphraseFile: string };
    readonly pinFile: string | undefined;
  };
  readonly directoryFile: string;
  /** The trust anchor, as JSON text. */
  readonly trustAnchor: string;
  readonly logLevel: string;
}
export interface GatewayConfig extends CommonConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles;
}
export interface WorkerConfig extends CommonConfig {
  readonly tls: TlsFiles;
  readonly redisUrl: string | undefined;
  readonly redisCluster: boolean;
  /** Terms agreed with partners, as JSON text; undefined where none were. */
  readonly deadlines: string | undefined;
}
export interface OfficeConfig extends CommonConfig {
  readonly host: string;
  readonly port: number;
  /** The clients, as JSON text. */
  readonly clients: string;
  /** Terms agreed with partners, as JSON text; undefined where none were. */
  readonly deadlines: string | undefined;
}

const DEADLINES = 'DEADLINES_FILE';

export const readGatewayConfig = (env: Environment): GatewayConfig =>
  collect(env, (read) => ({
    ...common(read),
    host: read.text('TRAO_HOST', '127.0.0.1'),
    port: read.port('TRAO_PORT'),
    tls: read.tls(),
  }));

export const readWorkerConfig = (env: Environment): WorkerConfig =>
  collect(env, (read) => ({
    ...common(read),
    tls: read.tls(),
    redisUrl: env['REDIS_URL'] || env['REDIS_CLUSTER'] || undefined,
    redisCluster: !env['REDIS_URL'] && Boolean(env['REDIS_CLUSTER']),
    deadlines: read.optionalFile(DEADLINES),
  }));

export const readOfficeConfig = (env: Environment): OfficeConfig =>
  collect(env, (read) => ({
    ...common(read),
    host: read.text('TRAO_HOST', '127.0.0.1'),
    port: read.port('TRAO_PORT'),
    clients: read.file('TRAO_CLIENTS'),
    deadlines: read.optionalFile(DEADLINES),
  }));

const common = (read: Reader): CommonConfig => ({
  node: read.text('TRAO_NODE'),
  databaseUrl: read.text('DATABASE_URL'),
  keys: {
    folder: read.text('TRAO_KEYS'),
    unlock: read.unlock(),
    pinFile: read.optional('TRAO_PKCS11_PIN_FILE'),
  },
  directoryFile: read.text('TRAO_DIRECTORY'),
  trustAnchor: read.file('TRAO_TRUST_ANCHOR'),
  logLevel: read.text('TRAO_LOG_LEVEL', 'info'),
});

function collect<C>(env: Environment, build: (read: Reader) => C): C {
  const faults: Faults = { list: [] };
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    faults.list.push('NODE_TLS_REJECT_UNAUTHORIZED=0 switches TLS checks off');
  const config = build(new Reader(env, faults.list));
  if (faults.list.length > 0) throw new TraoError('config_invalid', { detail: `${faults.list.join('; ')}.` });
  return config;
}

class Reader {
  constructor(
    private readonly env: Environment,
    private readonly faults: string[],
  ) {}

  text(name: string, fallback?: string): string {
    const value = this.env[name] || fallback;
    if (value === undefined) this.faults.push(`${name} is not set`);
    return value ?? '';
  }

  port(name: string): number {
    const port = Number(this.text(name));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) this.faults.push(`${name} is not a port`);
    return port;
  }

  /** The files are read again when they change, so their names stay. */
  tls(): TlsFiles {
    const secret = 'TRAO_TLS_PASSPHRASE_FILE';
    const passphrase = this.env[secret] ? { passphrase: this.readable(secret) } : {};
    if (!this.env['TRAO_TLS_PFX'])
      return { cert: this.readable('TRAO_TLS_CERT'), key: this.readable('TRAO_TLS_KEY'), ...passphrase };
    if (this.env['TRAO_TLS_CERT'] || this.env['TRAO_TLS_KEY'])
      this.faults.push('TRAO_TLS_PFX takes the place of TRAO_TLS_CERT and TRAO_TLS_KEY: set one or the other');
    return { pfx: this.readable('TRAO_TLS_PFX'), ...passphrase };
  }

  /** The name of a file that can be read. */
  private readable(name: string): string {
    this.file(name);
    return this.env[name] ?? '';
  }

  /** A passphrase itself is never in the environment: others on the machine could read it there. */
  unlock(): CommonConfig['keys']['unlock'] {
    const [keyFile, passphraseFile] = [this.optional('TRAO_KEY_FILE'), this.optional('TRAO_KEY_PASSPHRASE_FILE')];
    if ((keyFile === undefined) === (passphraseFile === undefined))
      this.faults.push('one of TRAO_KEY_FILE and TRAO_KEY_PASSPHRASE_FILE must be set');
    return passphraseFile === undefined ? { keyFile: keyFile ?? '' } : { passphraseFile };
  }

  optional(name: string): string | undefined {
    return this.env[name] || undefined;
  }

  optionalFile(name: string): string | undefined {
    return this.env[name] ? this.file(name) : undefined;
  }

  file(name: string): string {
    const path = this.text(name);
    try {
      return path && readFileSync(path, 'utf8');
    } catch {
      this.faults.push(`${name}: ${path} cannot be read`);
      return '';
    }
  }
}
