import path from 'node:path';
import { tlsPassphraseFile, unlockFile } from '../../certs-dev/development-keys';
import { clientsFile, ensureCredentials } from '../../apps/cli/local/credentials';
import { databaseOf, prepareDatabases, processUrl, type Server } from '../../apps/cli/local/databases';
import { keyFolder, type Layout, type NodeLayout } from '../../apps/cli/local/layout';
import { AppProcess, type AppKind } from './app-process';
import { Haproxy } from './haproxy';
import type { Host, Lab } from './hosts';
import { PORTS } from './ports';
import { PostgresPair } from './postgres-pair';

/** How many machines of each kind a node has. */
export type Copies = Readonly<Record<AppKind | 'postgres', 1 | 2>>;

/** One country on many machines. */
export class ScaledNode {
  readonly haproxy: Haproxy;
  readonly postgres: PostgresPair;
  readonly apps: Readonly<Record<AppKind, readonly AppProcess[]>>;
  /** Settings of the queue that its workers get when they start next. */
  queue: Readonly<Record<string, string>> = {};

  constructor(
    private readonly lab: Lab,
    readonly proxy: Host,
    readonly layout: Layout,
    readonly node: NodeLayout,
    copies: Copies,
    private readonly more: (kind: AppKind) => Readonly<Record<string, string>> = () => ({}),
  ) {
    const hosts = (kind: string, count: number) =>
      Array.from({ length: count }, (_, index) => lab.host(`${node.id}-${kind}-${index + 1}`));
    const apps = (kind: AppKind) =>
      hosts(kind, copies[kind]).map((host) => new AppProcess(kind, host, () => this.environment(kind, host)));
    this.apps = { gateway: apps('gateway'), worker: apps('worker'), office: apps('office') };
    const servers = hosts('postgres', copies.postgres);
    this.postgres = new PostgresPair(servers, path.join(layout.folder, 'postgres'));
    const of = (kind: AppKind) => this.apps[kind].map(({ host }) => host);
    this.haproxy = new Haproxy(
      proxy,
      { gateways: of('gateway'), offices: of('office'), postgres: servers },
      layout.folder,
    );
  }

  get officeUrl(): string {
    return `http://${this.proxy.address}:${PORTS.office}`;
  }

  /** Databases first, then the proxy in front of them, then all processes at once. */
  async start(): Promise<void> {
    // On the loopback every caller comes from 127.0.0.1, whatever it calls.
    await this.postgres.start(this.lab.separate ? `${this.proxy.address}/32` : '127.0.0.0/8');
    const admin = this.postgres.primary;
    await prepareDatabases(this.serverAt(admin.host.address, admin.url('postgres')), {
      ...this.layout,
      nodes: [this.node],
    });
    this.haproxy.start();
    await this.haproxy.untilUp('postgres', 1);
    await Promise.all(Object.values(this.apps).flatMap((apps) => apps.map((app) => app.start())));
    await this.haproxy.untilUp('gateways_ready', this.apps.gateway.length);
    await this.haproxy.untilUp('offices_ready', this.apps.office.length);
  }

  /** Ends all its workers and starts them again, with the settings of now. */
  async restartWorkers(): Promise<void> {
    await Promise.all(this.apps.worker.map((worker) => worker.stop()));
    await Promise.all(this.apps.worker.map((worker) => worker.start()));
  }

  /** Its database as the administrator sees it, at the server that leads now. */
  get databaseUrl(): string {
    return this.postgres.primary.url(databaseOf(this.node));
  }

  private serverAt(address: string, adminUrl = ''): Server {
    return {
      url: (role, password, database) => `postgres://${role}:${password}@${address}:${PORTS.postgres}/${database}`,
      adminUrl,
      stop: async () => undefined,
    };
  }

  private environment(kind: AppKind, host: Host): Record<string, string> {
    const { node, layout } = this;
    const folder = keyFolder(layout);
    const keys = path.join(folder, 'nodes', node.id);
    ensureCredentials(node);
    return {
      TRAO_NODE: node.id,
      DATABASE_URL: processUrl(this.serverAt(this.proxy.address), node, kind),
      TRAO_KEYS: path.join(keys, kind),
      TRAO_KEY_FILE: unlockFile(folder, node.id, kind),
      TRAO_DIRECTORY: path.join(folder, 'directory.json'),
      TRAO_TRUST_ANCHOR: path.join(folder, 'trust-anchor.json'),
      TRAO_LOG_LEVEL: 'info',
      TRAO_HOST: host.address,
      // haproxy asks there; nobody asks a worker, and what it does not serve it need not load.
      ...(kind !== 'worker' && { TRAO_OPS_HOST: host.address, TRAO_OPS_PORT: String(PORTS.operations) }),
      ...(kind !== 'office' && {
        TRAO_TLS_CERT: path.join(keys, 'tls', 'cert.pem'),
        TRAO_TLS_KEY: path.join(keys, 'tls', 'key.pem'),
        TRAO_TLS_PASSPHRASE_FILE: tlsPassphraseFile(folder, node.id),
      }),
      ...(kind === 'gateway' && { TRAO_PORT: String(PORTS.gateway) }),
      ...(kind === 'office' && { TRAO_PORT: String(PORTS.office), TRAO_CLIENTS: clientsFile(node) }),
      ...(kind === 'worker' && this.queue),
      ...this.more(kind),
    };
  }
}
