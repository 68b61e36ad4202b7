import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serveGateway } from '../../apps/gateway/serve-gateway';
import { PartnerLimits, watchPartners, type PartnerWatch, type WatchReport } from '../../libs/exchange';
import { DirectoryKeeper } from '../../libs/platform';
import type { Directory } from '../../libs/schema';
import { alarmStore, createRoles, Database, directoryStore, PROCESS_ROLES, watchStore } from '../../libs/storage';
import { PartnerClient } from '../../libs/transport';
import { freePort } from '../harness/free-ports';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';
import { makeAuthority, makeCertificate, type Certificate } from './certificates-fixture';
import { createDatabase, roleName, startServer, type TestServer } from './database-fixture';
import { caughtLog, type CaughtLog } from './log-fixture';

const HOST = '127.0.0.1';
const ROLES = ['gateway', 'worker'] as const;
type Role = (typeof ROLES)[number];

/** Where a node is reached and how it is known; what the directory has to say of it. */
export interface NodePlace {
  readonly id: string;
  readonly port: number;
  readonly certificate: Certificate;
  readonly authority: Certificate;
}

/** A node of which everything that has to do with the directory is real: database, TLS, gateway, keepers of two processes. */
export interface DirectoryNode {
  readonly id: string;
  readonly gateway: DirectoryKeeper;
  readonly worker: DirectoryKeeper;
  readonly log: CaughtLog;
  /** What its gateway shows instead of what is in force: a node that withholds or lies. */
  shows: Uint8Array | undefined;
  /** Replaces the file of this node. */
  put(signed: Uint8Array): void;
  /** What its worker knows of partners and says to them. */
  readonly client: PartnerClient;
  /** The worker asks all partners. */
  watch(): Promise<WatchReport>;
  /** Kinds, subjects and codes. */
  alarms(): Promise<string[]>;
  watches(): Promise<PartnerWatch[]>;
  kept(): Promise<number[]>;
  /** Another process of the node that starts now. */
  startAnother(role?: Role): Promise<DirectoryKeeper>;
  closeGateway(): Promise<void>;
  stop(): Promise<void>;
}

/** Places for nodes, before there is a directory that names them. */
export async function makePlaces(...ids: readonly string[]): Promise<NodePlace[]> {
  const places: NodePlace[] = [];
  for (const id of ids) {
    const authority = makeAuthority(`ca.${id}`);
    places.push({ id, port: await freePort(), authority, certificate: makeCertificate(id, authority) });
  }
  return places;
}

/** Lets a directory name these places, and no other nodes. */
export function nameplaces(directory: Directory, places: readonly NodePlace[]): void {
  directory.nodes = places.map(({ id, port, authority, certificate }) => {
    const entry = directory.nodes.find((node) => node.id === id)!;
    return { ...entry, endpoint: `https://${HOST}:${port}`, tls: { ca: [authority.cert], spki: [certificate.spki] } };
  });
}

/** A PostgreSQL server and folder for the nodes of one test file. */
export class DirectoryNodes {
  private readonly running = new Set<DirectoryNode>();
  private made = 0;

  private constructor(
    private readonly server: TestServer,
    private readonly folder: string,
  ) {}

  static async start(name: string): Promise<DirectoryNodes> {
    return new DirectoryNodes(await startServer(name), makeTempFolder(name));
  }

  /** Starts a node with a directory file. @param anchor JSON text */
  async node(place: NodePlace, anchor: string, signed: Uint8Array): Promise<DirectoryNode> {
    this.made += 1;
    const name = `node_${this.made}`;
    const owner = await createDatabase(this.server, name);
    await owner.migrate();
    const logins = PROCESS_ROLES.map((process) => ({ process, role: roleName(name, process), password: 'invented' }));
    await createRoles(owner.query, name, logins);
    const open = (role: Role) =>
      Database.open({ url: this.server.url(roleName(name, role), name), poolSize: 4, applicationName: `test-${role}` });
    const [gateway, worker] = [await open('gateway'), await open('worker')];
    const node = await startNode(
      { place, anchor, owner, gateway, worker, file: path.join(this.folder, `${name}.json`) },
      signed,
    );
    this.running.add(node);
    return node;
  }

  async stopAll(): Promise<void> {
    for (const node of this.running) await node.stop();
    this.running.clear();
  }

  async remove(): Promise<void> {
    await this.stopAll();
    await this.server.remove();
    removeTempFolder(this.folder);
  }
}

interface Parts extends Readonly<Record<'owner' | Role, Database>> {
  readonly place: NodePlace;
  readonly anchor: string;
  readonly file: string;
}

async function startNode(parts: Parts, signed: Uint8Array): Promise<DirectoryNode> {
  const { place, anchor, owner, file } = parts;
  const log = caughtLog();
  let stamp = Date.now() / 1000;
  const put = (document: Uint8Array) => {
    writeFileSync(file, document);
    stamp += 1;
    utimesSync(file, stamp, stamp);
  };
  put(signed);
  const keepers: DirectoryKeeper[] = [];
  const startAnother = async (role: Role = 'gateway') => {
    const keeper = await DirectoryKeeper.start({
      node: place.id,
      directoryFile: file,
      trustAnchor: anchor,
      store: directoryStore(parts[role]),
      raiseAlarm: alarmStore(parts[role]),
      logger: log.logger,
    });
    keepers.push(keeper);
    return keeper;
  };
  const [gateway, worker] = [await startAnother('gateway'), await startAnother('worker')];
  const client = new PartnerClient(
    () => place.certificate,
    (partner) => {
      const { id, endpoint, tls } = worker.partners().node(partner);
      return { id, endpoint, ...tls };
    },
    { silenceMs: 5_000, requestMs: 10_000 },
  );
  const never = () => Promise.reject(new Error('not part of this test'));
  const serving = await serveGateway({
    parts: {
      self: { node: place.id, partners: gateway.partners },
      acceptPorts: { transaction: never } as never,
      piecePorts: { store: never } as never,
      settlePorts: { transaction: never } as never,
      manifestPorts: { known: never } as never,
      limits: new PartnerLimits({ messagesPerS: 1_000, bytesPerS: 1e9, burstS: 10 }, () => performance.now(), pause),
      signedDirectory: () => node.shows ?? gateway.signed,
      earlierDirectory: (version) => directoryStore(parts.gateway).version(version),
    },
    tls: { identity: () => place.certificate, whenChanged: () => undefined },
    directory: gateway,
    host: HOST,
    port: place.port,
    connections: { all: 1_000, perAddress: 1_000, perPartner: 100 },
    logger: log.logger,
    raiseAlarm: alarmStore(parts.gateway),
  });
  let served = true;
  const closeGateway = async () => {
    if (served) await serving.close();
    served = false;
  };
  const node: DirectoryNode = {
    id: place.id,
    gateway,
    worker,
    log,
    shows: undefined,
    put,
    startAnother,
    closeGateway,
    client,
    watch: () =>
      watchPartners({
        self: { node: place.id, partners: worker.partners },
        clock: { now: () => new Date() },
        directory: worker,
        store: watchStore(parts.worker),
        raiseAlarm: alarmStore(parts.worker),
        ask: (partner, tag) => client.askDirectory(partner, tag),
        earlier: (partner, version) => client.earlierDirectory(partner, version),
      }),
    async alarms() {
      const rows = await owner.query<{ alarm: string }>(
        `SELECT concat_ws(' ', kind, subject, code) AS alarm FROM alarm ORDER BY id`,
      );
      return rows.map(({ alarm }) => alarm);
    },
    watches: () => watchStore(parts.worker).known(),
    async kept() {
      const rows = await owner.query<{ version: string }>('SELECT version FROM directory_document ORDER BY version');
      return rows.map(({ version }) => Number(version));
    },
    async stop() {
      for (const keeper of keepers) await keeper.stop();
      await client.close();
      await closeGateway();
      await Promise.all([owner, parts.gateway, parts.worker].map((database) => database.close()));
    },
  };
  return node;
}
