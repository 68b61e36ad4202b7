import type { Batch, WorkKind } from '../../libs/exchange';
import {
  acceptPieceStore,
  acceptStore,
  beginIngest,
  caseFileStore,
  draftStore,
  fileStore,
  forUnit,
  ingestStore,
  judgeFileStore,
  openedStore,
  overdueStore,
  pushStore,
  readStore,
  relayStore,
  resealStore,
  sendStore,
  settleStore,
  sweepStore,
  type Database,
  type Query,
} from '../../libs/storage';
import type { MemoryNode } from '../fakes/memory-node';
import type { NodeDatabase } from './database-fixture';

const inTransaction =
  <S>(database: Database, store: (query: Query) => S) =>
  <T>(work: (store: S) => Promise<T>): Promise<T> =>
    database.transaction((query) => work(store(query)));

/**
 * Lets the use cases of a node work over a real database, each under the role of its process. Keys, clock and ids stay those of
 * the node in memory.
 */
export function storeIn(node: MemoryNode, { gateway, worker, office }: NodeDatabase): void {
  const { ports } = node;
  Object.assign(ports.accept, { store: acceptStore(gateway, node.node) });
  Object.assign(ports.acceptPiece, { store: acceptPieceStore(gateway) });
  Object.assign(ports.settle, { transaction: inTransaction(gateway, settleStore) });
  Object.assign(ports.ingest, {
    begin: (batchId: string) => beginIngest(worker, batchId),
    transaction: inTransaction(worker, ingestStore),
  });
  Object.assign(ports.reseal, { transaction: inTransaction(worker, resealStore) });
  Object.assign(ports.sweep, { transaction: inTransaction(worker, sweepStore) });
  Object.assign(ports.overdue, { transaction: inTransaction(worker, overdueStore) });
  Object.assign(ports.opened, { transaction: inTransaction(worker, openedStore) });
  Object.assign(ports.push, { store: pushStore(worker) });
  Object.assign(ports.judge, { store: judgeFileStore(worker) });
  Object.assign(ports.files, { transaction: forUnit(office, fileStore) });
  Object.assign(ports.caseFiles, { read: forUnit(office, caseFileStore) });
  Object.assign(ports.draft, { transaction: forUnit(office, draftStore) });
  Object.assign(ports.send, { transaction: forUnit(office, sendStore) });
  Object.assign(ports.read, { read: forUnit(office, readStore) });
}

/** Claims what is due of one kind and lane; undefined when nothing is. */
export function claim(
  database: NodeDatabase,
  kind: WorkKind,
  partner = kind === 'ingest' ? '' : 'gb',
): Promise<Batch | undefined> {
  return relayStore(database.worker, () => [partner]).claim({ kind, lane: 'normal', partner }, 64);
}

/** Runs all that waits to be filed. */
export async function ingestAll(node: MemoryNode, database: NodeDatabase): Promise<void> {
  for (let batch = await claim(database, 'ingest'); batch; batch = await claim(database, 'ingest'))
    await node.run(batch);
}

/** Every value of every column of every table, as text; bytes as hexadecimal. */
export async function everyValue({ owner }: Pick<NodeDatabase, 'owner'>): Promise<Map<string, string[]>> {
  const columns = await owner.query<{ table: string; column: string; type: string }>(
    `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY 1, 2`,
  );
  const found = new Map<string, string[]>();
  for (const { table, column, type } of columns) {
    const shown = type === 'bytea' ? `encode(${column}, 'hex')` : `${column}::text`;
    const rows = await owner.query<{ value: string }>(
      `SELECT ${shown} AS value FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    found.set(
      `${table}.${column}`,
      rows.map(({ value }) => value),
    );
  }
  return found;
}
