import path from 'node:path';
import { startPostgres } from '../../libs/launcher';
import { createRoles, Database, PROCESS_ROLES, type ProcessRole } from '../../libs/storage';
import { runDebianServer, type DebianServer } from '../harness/debian-server';
import { makeTempFolder, removeTempFolder } from '../harness/temp-folder';

/** A PostgreSQL server of one test file. */
export interface TestServer {
  url(role: string, database: string): string;
  stop(): Promise<void>;
  /** Starts it again on the same data and the same socket. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** The database of a node as each of its processes sees it: a right that a store lacks shows in its test. */
export interface NodeDatabase extends Record<ProcessRole, Database> {
  readonly server: TestServer;
  readonly name: string;
  readonly owner: Database;
  url(role: ProcessRole): string;
  open(role: ProcessRole, poolSize?: number): Promise<Database>;
  remove(): Promise<void>;
}

const OWNER = 'postgres';
/** Roles of the tests; the server is reachable through a socket in a folder of its own only. */
const PASSWORD = 'invented';

/** Where `TRAO_TEST_SERVER=debian` is set it is the server of the system, an older one; else the embedded one, the newest that Trao supports. */
const onDebian = process.env['TRAO_TEST_SERVER'] === 'debian';

export async function startServer(name: string): Promise<TestServer> {
  const folder = makeTempFolder(name);
  const start = (): Promise<DebianServer> =>
    onDebian
      ? runDebianServer(path.join(folder, 'debian'))
      : startPostgres({ dataDir: path.join(folder, 'cluster'), fsync: false });
  let running = await start();
  return {
    url(role, database) {
      const { socketDir, port, superuser } = running;
      const password = role === OWNER ? superuser.password : PASSWORD;
      return `postgres://${role}:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(socketDir)}&port=${port}`;
    },
    stop: () => running.stop(),
    async start() {
      running = await start();
    },
    async remove() {
      await running.stop();
      removeTempFolder(folder);
    },
  };
}

export const roleName = (database: string, role: ProcessRole) => `${database}_${role}`;

export async function createDatabase(server: TestServer, name: string): Promise<Database> {
  const admin = await Database.open({ url: server.url(OWNER, 'postgres'), poolSize: 1, applicationName: 'test' });
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return Database.open({ url: server.url(OWNER, name), poolSize: 5, applicationName: 'test-owner' });
}

/** Starts a server with the database of one node: tables, roles and a connection pool for each role. */
export async function startNodeDatabase(name: string): Promise<NodeDatabase> {
  const server = await startServer(name);
  const owner = await createDatabase(server, name);
  await owner.migrate();
  const logins = PROCESS_ROLES.map((process) => ({ process, role: roleName(name, process), password: PASSWORD }));
  await createRoles(owner.query, name, logins);
  const url = (role: ProcessRole) => server.url(roleName(name, role), name);
  const open = (role: ProcessRole, poolSize = 10) =>
    Database.open({
      url: url(role),
      poolSize,
      applicationName: `test-${role}`,
      // As its process opens it.
      plansOnce: role === 'gateway' || role === 'worker',
    });
  const [gateway, worker, office, monitor] = await Promise.all([
    open('gateway'),
    open('worker'),
    open('office'),
    open('monitor'),
  ]);
  return {
    server,
    name,
    owner,
    gateway,
    worker,
    office,
    monitor,
    url,
    open,
    async remove() {
      await Promise.all([owner, gateway, worker, office, monitor].map((database) => database.close()));
      await server.remove();
    },
  };
}
