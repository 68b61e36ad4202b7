import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { Link, type Watcher } from './link';
import { PASS, type Mode } from './modes';

const HOST = '127.0.0.1';

export interface FaultProxyOptions {
  readonly seed: number;
  /** Where connections go: a TCP address or a unix socket. */
  readonly upstream: NetConnectOpts;
  /** Default: any free one. */
  readonly port?: number;
  /** Default: this machine only. */
  readonly host?: string;
  /** Reads along, one for each connection, and may break it off. */
  readonly watch?: (connection: number) => Watcher;
}

/** One thing that the proxy did; without times, so that two runs can be held against each other. */
export interface Deed {
  /** Connections count from 1; 0 is the proxy itself. */
  readonly connection: number;
  readonly what: string;
}

/** Stands between a client and a server on TCP and does to their bytes what the mode says. Every choice comes from the seed. */
export class FaultProxy {
  readonly log: Deed[] = [];
  private readonly links = new Set<Link>();
  private server: Server | undefined;
  private count = 0;
  private current: Mode = PASS;
  private listening = 0;
  private upstream: NetConnectOpts;

  private constructor(private readonly options: FaultProxyOptions) {
    this.upstream = options.upstream;
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    proxy.listening = options.port ?? 0;
    await proxy.listen();
    return proxy;
  }

  get port(): number {
    return this.listening;
  }

  get mode(): Mode {
    return this.current;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.links.size;
  }

  /** How many connections there have been. */
  get connections(): number {
    return this.count;
  }

  /** Takes effect at once, for open connections too. */
  async set(mode: Mode): Promise<void> {
    this.current = mode;
    this.note(0, JSON.stringify(mode));
    for (const link of this.links) link.changed(mode);
    if (mode.kind === 'refuse') await this.deafen();
    else if (!this.server) await this.listen();
  }

  /** Sends new connections somewhere else; open ones are reset. */
  redirect(upstream: NetConnectOpts): void {
    this.upstream = upstream;
    this.note(0, 'redirected');
    this.cut();
  }

  /** Resets what is open. */
  cut(): void {
    for (const link of this.links) link.reset();
  }

  async close(): Promise<void> {
    this.cut();
    await this.deafen();
  }

  private note(connection: number, what: string): void {
    this.log.push({ connection, what });
  }

  private accept(client: Socket): void {
    this.count += 1;
    const connection = this.count;
    const { seed, watch } = this.options;
    const server = connect({ ...this.upstream, allowHalfOpen: true } as NetConnectOpts);
    const link = new Link({
      client,
      server,
      seed,
      connection,
      mode: this.current,
      note: (what) => this.note(connection, what),
      ...(watch && { watcher: watch(connection) }),
    });
    this.links.add(link);
    void link.done.then(() => this.links.delete(link));
  }

  private listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.accept(client));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.options.host ?? HOST, port: this.listening }, () => {
        this.listening = (server.address() as { port: number }).port;
        resolve();
      });
    });
  }

  private async deafen(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.cut();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
