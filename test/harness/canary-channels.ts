import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Database } from '../../libs/storage';
import { type Needles } from './canary-needles';
import { callOffice } from './office-rest';
import { NODES, type TwoNodes } from './two-nodes';

/** One place where content could come to light. */
export interface Channel {
  readonly name: string;
  /** All that stands there: where, and its bytes. */
  readonly read: () => AsyncIterable<readonly [string, Uint8Array]>;
  /** Leaks a text there on purpose, as that channel would carry it. */
  readonly plant: (text: string) => Promise<unknown>;
}

/** Everything found in a channel, e.g. `logs: vn-office.log: phone as NFC UTF-8`. */
export async function scan(channel: Channel, needles: Needles): Promise<string[]> {
  const hits: string[] = [];
  let places = 0;
  for await (const [place, bytes] of channel.read()) {
    places += 1;
    hits.push(...needles.find(bytes).map((hit) => `${channel.name}: ${place}: ${hit}`));
  }
  if (places === 0) throw new Error(`The channel "${channel.name}" holds nothing: it was not looked at.`);
  return hits;
}

/** All channels of two running nodes. */
export function channelsOf(nodes: TwoNodes): Channel[] {
  const cluster = path.join(nodes.folder, 'postgres', 'cluster');
  const [logs, heap, wal] = ['logs', 'postgres/cluster/base', 'postgres/cluster/pg_wal'].map((name) =>
    path.join(nodes.folder, name),
  ) as [string, string, string];
  const admin = () => nodes.database('vn');
  const toDisk = async () => void (await (await admin()).query('CHECKPOINT'));
  const elsewhere = [logs, heap, wal, path.join(cluster, 'server.log'), path.join(nodes.folder, 'redis')];
  return [
    {
      name: 'logs',
      read: () => filesIn(logs),
      plant: async (text) =>
        appendFileSync(path.join(logs, 'vn-office.log'), `${JSON.stringify({ msg: 'planted', text })}\n`),
    },
    {
      name: 'tables',
      read: () => tablesOf(nodes),
      plant: (text) => plantInTables(nodes, text),
    },
    {
      name: 'heap files',
      read: () => afterwards(toDisk, () => filesIn(heap)),
      plant: (text) => plantInTables(nodes, text),
    },
    {
      name: 'write-ahead log',
      read: () => afterwards(toDisk, () => filesIn(wal)),
      plant: (text) => plantInTables(nodes, text),
    },
    {
      name: 'log of PostgreSQL',
      read: () => filesIn(path.join(cluster, 'server.log')),
      plant: async (text) => (await admin()).query(`DO $$ BEGIN RAISE LOG 'planted %', '${text}'; END $$`),
    },
    {
      name: 'activity of PostgreSQL',
      read: () => activityOf(nodes),
      plant: async (text) => (await admin()).query(`SELECT pg_sleep(0) /* ${text} */`),
    },
    {
      name: 'answers to operators',
      read: () => operatorAnswers(nodes),
      plant: async (text) => (await admin()).query('UPDATE outbox SET code = $1', [text]),
    },
    {
      name: 'other files',
      read: () => filesIn(nodes.folder, (file) => !elsewhere.some((place) => file.startsWith(place))),
      plant: async (text) => appendFileSync(path.join(nodes.folder, 'left-over.tmp'), Buffer.from(text, 'utf16le')),
    },
    ...(nodes.redis ? redisChannels(nodes, nodes.redis) : []),
  ];
}

function redisChannels(nodes: TwoNodes, redis: NonNullable<TwoNodes['redis']>): Channel[] {
  const isDump = (file: string) => file.endsWith('.rdb');
  return [
    {
      name: 'append-only file of Redis',
      read: () => filesIn(redis.folder, (file) => !isDump(file)),
      plant: (text) => redis.command('SET', 'planted', text),
    },
    {
      name: 'dump of Redis',
      read: () =>
        afterwards(
          () => redis.command('SAVE'),
          () => filesIn(redis.folder, isDump),
        ),
      plant: (text) => redis.command('SET', 'planted', text),
    },
  ];
}

async function* afterwards(first: () => Promise<unknown>, then: () => AsyncIterable<readonly [string, Uint8Array]>) {
  await first();
  yield* then();
}

async function* filesIn(
  place: string,
  take: (file: string) => boolean = () => true,
): AsyncGenerator<readonly [string, Uint8Array]> {
  const files = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [place];
  for (const file of files.filter(take)) {
    const bytes = readIfThere(file);
    if (bytes) yield [path.relative(path.dirname(place), file), bytes];
  }
}

/** A file of a running server may go between the look and the reading. */
function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Every column of every table of both databases, the queue's included; bytea as its raw bytes. */
async function* tablesOf(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const node of NODES) {
    const database = await nodes.database(node);
    const columns = await database.query<{ place: string; column: string; type: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS place, quote_ident(column_name) AS column, data_type AS type
       FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { place, column, type } of columns) {
      for (const value of await valuesOf(database, place, column, type)) yield [`${node} ${place}.${column}`, value];
    }
  }
}

async function valuesOf(database: Database, place: string, column: string, type: string): Promise<Uint8Array[]> {
  const shown = type === 'bytea' ? column : `${column}::text`;
  const rows = await database.query<{ value: string | Buffer }>(
    `SELECT ${shown} AS value FROM ${place} WHERE ${column} IS NOT NULL`,
  );
  return rows.map(({ value }) => (typeof value === 'string' ? Buffer.from(value) : value));
}

/** The last statement of every connection. */
async function* activityOf(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  const database = await nodes.database('gb');
  const rows = await database.query<{ who: string; query: string }>(
    `SELECT coalesce(application_name, '') AS who, coalesce(query, '') AS query FROM pg_stat_activity`,
  );
  for (const { who, query } of rows) yield [who, Buffer.from(query)];
}

/** All that an operator can ask an office for. */
async function* operatorAnswers(nodes: TwoNodes): AsyncGenerator<readonly [string, Uint8Array]> {
  for (const { id: node, tokens } of nodes.access.nodes) {
    const ask = async (where: string) => {
      const { text, headers } = await callOffice(nodes, node as 'vn' | 'gb', where, { as: tokens['operator']! });
      return [`${node} ${where}`, Buffer.from(JSON.stringify([...headers]) + text)] as const;
    };
    for (const where of ['/health/live', '/health/ready', '/v1/deliveries?limit=200']) yield await ask(where);
    const rows = await (await nodes.database(node as 'vn' | 'gb')).query<{ id: string }>('SELECT id FROM outbox');
    for (const { id } of rows) yield await ask(`/v1/deliveries/${id}`);
  }
}

/** Leaks a text into a table of its own: once as text, once as bytes in UTF-16. */
async function plantInTables(nodes: TwoNodes, text: string): Promise<void> {
  const database = await nodes.database('gb');
  await database.query('CREATE TABLE IF NOT EXISTS planted (words text, bytes bytea)');
  await database.query('INSERT INTO planted VALUES ($1, $2)', [text, Buffer.from(text, 'utf16le')]);
}
