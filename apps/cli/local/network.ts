import { join } from 'node:path';
import { ensureDevelopmentKeys, tlsPassphraseFile, unlockFile } from '../../../certs-dev/development-keys';
import type { Suite } from '../../../libs/envelope';
import { assertPortsFree, startProcesses, type ProcessSpec, type Supervisor } from '../../../libs/launcher';
import { saveAccess } from './access';
import { clientsFile, ensureCredentials } from './credentials';
import { openServer, prepareDatabases, processUrl, type Server, type ServerOptions } from './databases';
import { monitorSettings, officeSettings, serviceClaims, serviceSpec } from './demo-services';
import {
  APPS,
  HOST,
  keyFolder,
  layoutOf,
  operationsPort,
  scannerPort,
  type App,
  type Layout,
  type NodeLayout,
} from './layout';

export interface NetworkOptions extends ServerOptions {
  readonly folder: string;
  readonly portBase: number;
  /** Bring a process back that ends by itself. */
  readonly respawn: boolean;
  readonly suite?: Suite;
  /** Queue on Redis instead of PostgreSQL. One database number per node keeps their queues apart. */
  readonly redisUrl?: string | undefined;
  /** Settings of the workers, as environment. */
  readonly worker?: Readonly<Record<string, string>> | undefined;
  readonly logLevel?: string;
  /** Flags of Node for a process, by its name: a process that is profiled is started with some. */
  readonly flags?: (process: string) => readonly string[];
  /** Identity providers, mailbox and scanner of the demonstration; without them, an office serves REST only. Default true. */
  readonly services?: boolean;
  /** More settings of the monitors, as environment; false for nodes without monitors. */
  readonly monitor?: Readonly<Record<string, string>> | false;
}

/** Two nodes with all their processes on this machine. */
export interface Network {
  readonly layout: Layout;
  readonly server: Server;
  readonly supervisor: Supervisor;
  stop(): Promise<void>;
}

/** Makes what is missing, then starts PostgreSQL and gateway, worker and office of each node as processes of their own. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const layout = layoutOf(options.folder, options.portBase);
  await assertPortsFree([
    ...layout.nodes.flatMap((node) => [
      { port: node.gatewayPort, host: HOST, purpose: `gateway of ${node.name.en}` },
      { port: node.officePort, host: HOST, purpose: `office of ${node.name.en}` },
      ...(withServices(options) ? monitorClaims(layout, node) : []),
    ]),
    ...(withServices(options) ? serviceClaims(layout) : []),
  ]);
  const [server] = await Promise.all([
    openServer(options.folder, options),
    ensureDevelopmentKeys(
      keyFolder(layout),
      layout.nodes.map((node) => ({
        id: node.id,
        name: node.name,
        endpoint: `https://${HOST}:${node.gatewayPort}`,
        suite: options.suite ?? 'hybrid',
      })),
    ),
  ]);
  try {
    await prepareDatabases(server, layout);
    const specs = [...specsOf(layout, server, options), ...(withServices(options) ? [serviceSpec(layout)] : [])];
    const supervisor = await startProcesses(specs, { respawn: options.respawn });
    saveAccess(layout, ensureCredentials, withMonitors(options));
    return {
      layout,
      server,
      supervisor,
      async stop() {
        await supervisor.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

const withServices = ({ services }: NetworkOptions) => services !== false;

/** The monitor signs its operators in by OpenID Connect, so it comes with the identity provider. */
const withMonitors = (options: NetworkOptions) => withServices(options) && options.monitor !== false;
const appsOf = (options: NetworkOptions) => APPS.filter((app) => app !== 'monitor' || withMonitors(options));

const monitorClaims = (layout: Layout, node: NodeLayout) => [
  { port: node.monitorPort, host: HOST, purpose: `monitor of ${node.name.en}` },
  ...APPS.map((app) => ({
    port: operationsPort(layout, node, app),
    host: HOST,
    purpose: `health and metrics of the ${app} of ${node.name.en}`,
  })),
];

/** The name of a process in the supervisor, e.g. `vn-worker`. */
const processName = (node: string, app: App) => `${node}-${app}`;

function specsOf(layout: Layout, server: Server, options: NetworkOptions): ProcessSpec[] {
  return layout.nodes.flatMap((node, index) =>
    appsOf(options).map((app) => ({
      name: processName(node.id, app),
      script: join(__dirname, '..', '..', app, 'main.js'),
      env: environmentOf(node, index, app, layout, server, options),
      logFile: join(layout.folder, 'logs', `${processName(node.id, app)}.log`),
      ...(options.flags && { execArgv: options.flags(processName(node.id, app)) }),
    })),
  );
}

function environmentOf(
  node: NodeLayout,
  index: number,
  app: App,
  layout: Layout,
  server: Server,
  options: NetworkOptions,
): Record<string, string> {
  const { redisUrl, logLevel } = options;
  const keys = join(keyFolder(layout), 'nodes', node.id);
  ensureCredentials(node);
  const tls = {
    TRAO_TLS_CERT: join(keys, 'tls', 'cert.pem'),
    TRAO_TLS_KEY: join(keys, 'tls', 'key.pem'),
    TRAO_TLS_PASSPHRASE_FILE: tlsPassphraseFile(keyFolder(layout), node.id),
  };
  return {
    TRAO_NODE: node.id,
    DATABASE_URL: processUrl(server, node, app),
    ...(app !== 'monitor' && {
      TRAO_KEYS: join(keys, app),
      TRAO_KEY_FILE: unlockFile(keyFolder(layout), node.id, app),
    }),
    ...(withServices(options) && { TRAO_OPS_PORT: String(operationsPort(layout, node, app)) }),
    TRAO_DIRECTORY: join(keyFolder(layout), 'directory.json'),
    TRAO_TRUST_ANCHOR: join(keyFolder(layout), 'trust-anchor.json'),
    TRAO_LOG_LEVEL: logLevel ?? 'info',
    TRAO_HOST: HOST,
    ...(app === 'gateway' && { TRAO_PORT: String(node.gatewayPort), ...tls }),
    ...(app === 'office' && {
      TRAO_PORT: String(node.officePort),
      TRAO_CLIENTS: clientsFile(node),
      ...(withServices(options) && officeSettings(layout, node)),
    }),
    ...(app === 'monitor' && {
      TRAO_PORT: String(node.monitorPort),
      ...monitorSettings(layout, node),
      ...(options.monitor === false ? undefined : options.monitor),
    }),
    ...(app === 'worker' && withServices(options) && { TRAO_SCANNER: `${HOST}:${scannerPort(layout)}` }),
    ...(app === 'worker' && {
      ...tls,
      ...(redisUrl && { REDIS_URL: new URL(`/${index}`, redisUrl).href }),
      ...options.worker,
    }),
  };
}
