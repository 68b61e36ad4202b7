import { TraoError } from '../errors';
import { EnvironmentReader as Reader, type Environment, type ScannerConfig, type Unlock } from './environment-reader';
import type { TlsFiles } from './tls-files';

export type { Environment } from './environment-reader';

interface Faults {
  readonly list: string[];
}

/** What every process has. */
export interface NodeConfig {
  readonly node: string;
  readonly databaseUrl: string;
  readonly directoryFile: string;
  /** The trust anchor, as JSON text. */
  readonly trustAnchor: string;
  readonly logLevel: string;
  /** Where metrics and health are served; undefined for nowhere. */
  readonly operations: OperationsConfig | undefined;
}
/** A port of its own: partners and officers reach another one. */
export interface OperationsConfig {
  readonly host: string;
  readonly port: number;
  /** Somebody has said that every address of the machine may serve it. */
  readonly exposed: boolean;
}
/** What every process has that holds keys. */
export interface CommonConfig extends NodeConfig {
  /** The folder of this process's keys, what opens it, and the PIN of the token where keys are in a hardware module. */
  readonly keys: {
    readonly folder: string;
    readonly unlock: Unlock;
    readonly pinFile: string | undefined;
  };
}
export interface GatewayConfig extends CommonConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles;
  /** How much one partner may send to this process: `PartnerRates` of libs/exchange. */
  readonly rates: Readonly<Record<'messagesPerS' | 'bytesPerS' | 'burstS', number>>;
  /** How many connections this process holds. */
  readonly connections: Readonly<Record<'all' | 'perAddress' | 'perPartner', number>>;
}
export interface WorkerConfig extends CommonConfig {
  readonly tls: TlsFiles;
  /** Redis for the queue: one server, start nodes of a cluster with commas in between, or what its sentinels call the servers. */
  readonly redisUrl: string | undefined;
  readonly redisCluster: boolean;
  /** URLs of the sentinels, with commas in between. */
  readonly redisSentinels: string | undefined;
  /** Batches that the worker takes in hand itself; what is more goes through the queue. */
  readonly atHand: number;
  /** Where clamd listens; undefined where there is none, and received files stay in quarantine. */
  readonly scanner: ScannerConfig | undefined;
  /** Terms agreed with partners, as JSON text; undefined where none were. */
  readonly deadlines: string | undefined;
  /** How many days each is kept: `KeepDays` of libs/storage. */
  readonly keep: Readonly<Record<'sealed' | 'attempts' | 'alerts' | 'samples' | 'processes', number>>;
}
export interface OfficeConfig extends CommonConfig {
  readonly host: string;
  readonly port: number;
  /** Where clamd listens; undefined where there is none, and uploaded files stay in quarantine. */
  readonly scanner: ScannerConfig | undefined;
  /** The clients, as JSON text, and their file: it is read again when it changes. */
  readonly clients: string;
  readonly clientsFile: string;
  /** Terms agreed with partners, as JSON text; undefined where none were. */
  readonly deadlines: string | undefined;
  /** How officers are told that something is new; undefined where no mail is sent. */
  readonly mail: MailConfig | undefined;
  /** The pages of officers; undefined where an office serves national systems only. */
  readonly pages: PagesConfig | undefined;
}
export interface MonitorConfig extends NodeConfig {
  readonly host: string;
  readonly port: number;
  /** The operators, as JSON text, and their file: it is read again when it changes. */
  readonly operators: string;
  readonly operatorsFile: string;
  readonly pages: PagesConfig;
  /** How operators are told of alerts; undefined where no mail is sent. */
  readonly mail: MailConfig | undefined;
  readonly webhooks: WebhookConfig;
  /** Words of made-up cases that no alert may hold. */
  readonly canaries: readonly string[];
}
/** How webhooks are signed, and where they may go. */
export interface WebhookConfig {
  /** The Ed25519 private key as PEM or JWK; undefined where no webhook is sent. */
  readonly key: string | undefined;
  /** Networks besides the internet that targets may lie in, as `10.1.0.0/16, fd00:1::/32`. */
  readonly privateTargets: string;
  /** What the certificates of targets must chain to, as PEM; undefined for what Node.js trusts. */
  readonly ca: string | undefined;
}
/** The mail server of an agency. */
export interface MailConfig {
  /** `smtps://user@host` or `smtp://…`. */
  readonly url: string;
  readonly from: string;
  readonly password: string | undefined;
  /** What the server's certificate must chain to, as PEM; undefined for what Node.js trusts. */
  readonly ca: string | undefined;
}
/** What the pages of officers need. */
export interface PagesConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly rolesClaim: string | undefined;
  readonly acr: string | undefined;
  /** Signs the cookies of sessions: one secret a line, the newest first. */
  readonly sessionSecrets: readonly string[];
  /** Where browsers find the office, without a slash at the end. */
  readonly publicUrl: string;
  /** IANA name of the zone in which officers read times. */
  readonly timeZone: string;
  readonly language: 'vi' | 'en';
  /** `true` in a demonstration: every page says that all people are invented. */
  readonly invented: boolean;
}

const MIB = 1_048_576;
const DEADLINES = 'DEADLINES_FILE';

export const readGatewayConfig = (env: Environment): GatewayConfig =>
  collect(env, (read) => ({
    ...common(read),
    host: read.text('TRAO_HOST', '127.0.0.1'),
    port: read.port('TRAO_PORT'),
    tls: read.tls(),
    rates: {
      messagesPerS: read.count('TRAO_PARTNER_MESSAGES_PER_S', 500),
      bytesPerS: read.count('TRAO_PARTNER_MIB_PER_S', 32) * MIB,
      burstS: read.count('TRAO_PARTNER_BURST_S', 10),
    },
    connections: {
      all: read.count('TRAO_CONNECTIONS', 4_096),
      perAddress: read.count('TRAO_ADDRESS_CONNECTIONS', 256),
      perPartner: read.count('TRAO_PARTNER_CONNECTIONS', 64),
    },
  }));

export const readWorkerConfig = (env: Environment): WorkerConfig =>
  collect(env, (read) => ({
    ...common(read),
    tls: read.tls(),
    ...redis(read),
    atHand: read.count('TRAO_BATCHES_AT_HAND', 32, 0),
    scanner: read.scanner(),
    deadlines: read.optionalFile(DEADLINES),
    keep: {
      sealed: read.days('TRAO_KEEP_SEALED_DAYS', 30),
      attempts: read.days('TRAO_KEEP_ATTEMPTS_DAYS', 400, 30),
      alerts: read.days('TRAO_KEEP_ALERTS_DAYS', 400),
      samples: read.days('TRAO_KEEP_SAMPLES_DAYS', 30),
      processes: read.days('TRAO_KEEP_PROCESSES_DAYS', 7),
    },
  }));

/** A single server, or the one that sentinels name, goes before a cluster. */
function redis(read: Reader): Pick<WorkerConfig, 'redisUrl' | 'redisCluster' | 'redisSentinels'> {
  const [url, sentinels, cluster] = [
    read.redisUrls('REDIS_URL', 1),
    read.redisUrls('REDIS_SENTINELS'),
    read.redisUrls('REDIS_CLUSTER'),
  ];
  if (sentinels !== undefined && url === undefined)
    read.fault(
      'REDIS_SENTINELS needs REDIS_URL with the name that they know the servers by, as redis://:password@NAME',
    );
  return {
    redisUrl: url ?? cluster,
    redisCluster: url === undefined && cluster !== undefined,
    redisSentinels: sentinels,
  };
}

export const readOfficeConfig = (env: Environment): OfficeConfig =>
  collect(env, (read) => ({
    ...common(read),
    host: read.text('TRAO_HOST', '127.0.0.1'),
    port: read.port('TRAO_PORT'),
    scanner: read.scanner(),
    clients: read.file('TRAO_CLIENTS'),
    clientsFile: read.text('TRAO_CLIENTS'),
    deadlines: read.optionalFile(DEADLINES),
    mail: env['TRAO_SMTP_URL'] ? mail(read) : undefined,
    pages: env['TRAO_OIDC_ISSUER'] ? pages(read) : undefined,
  }));

export const readMonitorConfig = (env: Environment): MonitorConfig =>
  collect(env, (read) => ({
    ...ofNode(read),
    host: read.text('TRAO_HOST', '127.0.0.1'),
    port: read.port('TRAO_PORT'),
    operators: read.file('TRAO_OPERATORS'),
    operatorsFile: read.text('TRAO_OPERATORS'),
    pages: pages(read),
    mail: env['TRAO_SMTP_URL'] ? mail(read) : undefined,
    webhooks: {
      key: read.optionalFile('TRAO_WEBHOOK_KEY_FILE'),
      privateTargets: read.optional('TRAO_ALERT_PRIVATE_TARGETS') ?? '',
      ca: read.optionalFile('TRAO_WEBHOOK_CA'),
    },
    canaries: (read.optionalFile('TRAO_CANARY_FILE') ?? '')
      .split('\n')
      .map((word) => word.trim())
      .filter((word) => word.length > 3),
  }));

const mail = (read: Reader): MailConfig => ({
  url: read.text('TRAO_SMTP_URL'),
  from: read.text('TRAO_MAIL_FROM'),
  password: read.optionalFile('TRAO_SMTP_PASSWORD_FILE')?.trim(),
  ca: read.optionalFile('TRAO_SMTP_CA'),
});

const pages = (read: Reader): PagesConfig => ({
  issuer: read.url('TRAO_OIDC_ISSUER'),
  clientId: read.text('TRAO_OIDC_CLIENT_ID'),
  clientSecret: read.file('TRAO_OIDC_CLIENT_SECRET_FILE').trim(),
  rolesClaim: read.optional('TRAO_OIDC_ROLES_CLAIM'),
  acr: read.optional('TRAO_OIDC_ACR'),
  sessionSecrets: read.secrets('TRAO_SESSION_SECRET_FILE'),
  publicUrl: read.url('TRAO_PUBLIC_URL').replace(/\/$/, ''),
  timeZone: read.timeZone('TRAO_TIME_ZONE'),
  language: read.text('TRAO_LANGUAGE', 'en') === 'vi' ? 'vi' : 'en',
  invented: read.optional('TRAO_INVENTED') === 'true',
});

const ofNode = (read: Reader): NodeConfig => ({
  node: read.text('TRAO_NODE'),
  databaseUrl: read.secretText('DATABASE_URL'),
  directoryFile: read.text('TRAO_DIRECTORY'),
  trustAnchor: read.file('TRAO_TRUST_ANCHOR'),
  logLevel: read.text('TRAO_LOG_LEVEL', 'info'),
  operations: read.optional('TRAO_OPS_PORT') === undefined ? undefined : operations(read),
});

const operations = (read: Reader): OperationsConfig => ({
  host: read.text('TRAO_OPS_HOST', '127.0.0.1'),
  port: read.port('TRAO_OPS_PORT'),
  exposed: read.optional('TRAO_OPS_EXPOSED') === 'true',
});

const common = (read: Reader): CommonConfig => ({
  ...ofNode(read),
  keys: {
    folder: read.text('TRAO_KEYS'),
    unlock: read.unlock(),
    pinFile: read.optional('TRAO_PKCS11_PIN_FILE'),
  },
});

function collect<C>(env: Environment, build: (read: Reader) => C): C {
  const faults: Faults = { list: [] };
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    faults.list.push('NODE_TLS_REJECT_UNAUTHORIZED=0 switches TLS checks off');
  const config = build(new Reader(env, faults.list));
  if (faults.list.length > 0) throw new TraoError('config_invalid', { detail: `${faults.list.join('; ')}.` });
  return config;
}
