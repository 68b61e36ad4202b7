import { join } from 'node:path';
import { startPostgres, type RunningPostgres } from '../../../libs/launcher';
import {
  connectionOf,
  createRoles,
  Database,
  grantQueue,
  PROCESS_ROLES,
  type ProcessRole,
} from '../../../libs/storage';
import { migrateQueue, QUEUE_SCHEMA } from '../../../libs/queue';
import { ensureCredentials } from './credentials';
import type { Layout, NodeLayout } from './layout';

/** A PostgreSQL server, embedded or the one that DATABASE_URL names. */
export interface Server {
  /** Database URL of a role. */
  url(role: string, password: string, database: string): string;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly log?: (line: string) => void;
  /** Settings of the embedded server, by their PostgreSQL names. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the embedded server in the folder, or uses the server that DATABASE_URL names, as its administrator. */
export async function openServer(folder: string, options: ServerOptions = {}): Promise<Server> {
  const external = process.env['DATABASE_URL'];
  if (external) {
    const { host, port } = connectionOf(external);
    const base = host.startsWith('/')
      ? { place: 'localhost', query: `?host=${encodeURIComponent(host)}&port=${port}` }
      : { place: `${host}:${port}`, query: '' };
    return {
      url: (role, password, database) => `postgres://${role}:${password}@${base.place}/${database}${base.query}`,
      adminUrl: external,
      stop: async () => undefined,
    };
  }
  const postgres: RunningPostgres = await startPostgres({ dataDir: join(folder, 'postgres', 'cluster'), ...options });
  const query = `?host=${encodeURIComponent(postgres.socketDir)}&port=${postgres.port}`;
  const url = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@localhost/${database}${query}`;
  const { user, password } = postgres.superuser;
  return { url, adminUrl: url(user, encodeURIComponent(password), 'postgres'), stop: () => postgres.stop() };
}

export const databaseOf = (node: NodeLayout) => `trao_${node.id.replaceAll('-', '_')}`;
const roleOf = (node: NodeLayout, process: ProcessRole) => `${databaseOf(node)}_${process}`;

/** The URL that a process of a node connects with. */
export function processUrl(server: Server, node: NodeLayout, process: ProcessRole): string {
  return server.url(roleOf(node, process), ensureCredentials(node).databasePasswords[process], databaseOf(node));
}

/** Creates databases, tables, the queue's tables and the roles of all nodes; what is there stays. */
export async function prepareDatabases(server: Server, layout: Layout): Promise<void> {
  const admin = await Database.open({ url: server.adminUrl, poolSize: 1, applicationName: 'trao-setup' });
  try {
    const existing = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
    const names = new Set(existing.map(({ datname }) => datname));
    for (const node of layout.nodes) {
      if (!names.has(databaseOf(node))) await admin.query(`CREATE DATABASE ${databaseOf(node)}`);
    }
  } finally {
    await admin.close();
  }
  await Promise.all(layout.nodes.map((node) => prepareNode(server, node)));
}

async function prepareNode(server: Server, node: NodeLayout): Promise<void> {
  const admin = new URL(server.adminUrl);
  admin.pathname = `/${databaseOf(node)}`;
  const database = await Database.open({ url: admin.href, poolSize: 2, applicationName: 'trao-setup' });
  try {
    await database.migrate();
    const { username, ...connection } = connectionOf(admin.href);
    await migrateQueue({ kind: 'postgres', user: username, ...connection });
    const { databasePasswords } = ensureCredentials(node);
    const logins = PROCESS_ROLES.map((process) => ({
      process,
      role: roleOf(node, process),
      password: databasePasswords[process],
    }));
    await createRoles(database.query, databaseOf(node), logins);
    await grantQueue(database.query, databaseOf(node), QUEUE_SCHEMA, roleOf(node, 'worker'));
  } finally {
    await database.close();
  }
}
