import { readFileSync } from 'node:fs';
import { TraoError } from '../errors';

/** Settings of a process: environment → configuration, in plain functions. All faults are listed at once. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Faults {
  readonly list: string[];
}

export interface CommonConfig {
  readonly node: string;
  readonly databaseUrl: string;
  /** The folder of this process's keys. */
  readonly keyFolder: string;
  readonly directoryFile: string;
  /** The trust anchor, as JSON text. */
  readonly trustAnchor: string;
  readonly logLevel: string;
}
export interface GatewayConfig extends CommonConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string };
}
export interface WorkerConfig extends CommonConfig {
  readonly tls: { readonly cert: string; readonly key: string };
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
  keyFolder: read.text('TRAO_KEYS'),
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

  tls() {
    return { cert: this.file('TRAO_TLS_CERT'), key: this.file('TRAO_TLS_KEY') };
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
