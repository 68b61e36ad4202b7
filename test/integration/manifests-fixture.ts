import { accept, reconciling, settle } from '../../libs/exchange';
import { manifestWork, settleStore } from '../../libs/storage';
import type { MemoryNode } from '../fakes/memory-node';
import { twoCountries } from '../fakes/two-countries';
import type { NodeDatabase } from './database-fixture';
import { ingestAll, storeIn } from './stored-node';

/** A node over a real database, each process under its own role. */
export interface StoredNode {
  readonly node: MemoryNode;
  readonly database: NodeDatabase;
}

/** Two countries over real databases. Their clock shows the real time: databases have no other. */
export async function storedCountries(vn: NodeDatabase, gb: NodeDatabase) {
  const pair = await twoCountries(11, new Date().toISOString());
  storeIn(pair.vn, vn);
  storeIn(pair.gb, gb);
  return { vn: { node: pair.vn, database: vn }, gb: { node: pair.gb, database: gb } };
}

/** What the gateway of a node answers about manifests. */
const served = ({ node, database: { gateway } }: StoredNode) => ({
  ...node.ports.settle,
  keys: node.keys,
  clock: node.clock,
  rows: manifestWork.manifestRows(gateway),
  ...manifestWork.manifestAnswers(gateway, node.node),
});

/** What the worker of a node compares with, asking the gateway of the other one without a wire. */
export function comparing(
  own: StoredNode,
  other: StoredNode,
): reconciling.RoundPorts & { readonly days: reconciling.DayReport[] } {
  const { node, database } = own;
  const peer = node.node;
  const there = served(other);
  const days: reconciling.DayReport[] = [];
  return {
    ...node.ports.settle,
    ...manifestWork.comparingStore(database.worker),
    transaction: (work) => database.worker.transaction((query) => work(settleStore(query))),
    keys: node.keys,
    clock: node.clock,
    link: {
      exchange: (_, token) => reconciling.answerManifest(token, peer, there),
      list: (_, day, way, after) => reconciling.listManifest(peer, day, way, after, there.rows),
      ask: (_, ids) => there.known(peer, ids),
    },
    compared: (day) => Promise.resolve(void days.push(day)),
    days,
  };
}

/** Compares days and answers what was found, as `way kind number`. */
export async function compare(own: StoredNode, other: StoredNode, since: string, until = since): Promise<string[]> {
  const ports = comparing(own, other);
  await reconciling.reconcile(other.node.node, since, until, ports);
  return ports.days.flatMap((day) =>
    reconciling.WAYS.flatMap((way) => Object.entries(day[way].found ?? {}).map((found) => [way, ...found].join(' '))),
  );
}

/** Delivers what is due from one node to the other: received, filed, and the evidence handed back. */
export async function deliverAll(from: StoredNode, to: StoredNode): Promise<void> {
  const rows = await from.database.owner.query<{ token: string }>(
    `UPDATE outbox SET state = 'sending' WHERE state = 'queued' RETURNING sealed AS token`,
  );
  const answers = await accept(
    rows.map(({ token }) => token),
    from.node.node,
    to.node.ports.accept,
  );
  await settle(
    answers.flatMap((answer) => ('receipt' in answer ? [answer.receipt] : [])),
    to.node.node,
    from.node.ports.settle,
  );
  await ingestAll(to.node, to.database);
  const waiting = await to.database.owner.query<{ token: string }>(
    `UPDATE receipt SET state = 'handed' WHERE state = 'waiting' RETURNING token`,
  );
  await settle(
    waiting.map(({ token }) => token),
    to.node.node,
    from.node.ports.settle,
  );
}

const TABLES =
  'outbox, inbox, inbox_conflict, receipt, superseded, work_batch, delivery_event, unit_case, case_event, search_token, idempotency, ' +
  'alarm, manifest_day, manifest, manifest_finding, manifest_round';

export const emptied = ({ owner }: NodeDatabase) => owner.query(`TRUNCATE ${TABLES}`);

/** Keeps every row as it is now, and brings them back: a backup, and its restore, of one database. */
export async function backup({ owner }: NodeDatabase): Promise<() => Promise<void>> {
  const tables = TABLES.split(', ');
  await owner.query('DROP SCHEMA IF EXISTS kept CASCADE');
  await owner.query('CREATE SCHEMA kept');
  for (const table of tables) await owner.query(`CREATE TABLE kept.${table} AS SELECT * FROM public.${table}`);
  return async () => {
    await owner.query(`TRUNCATE ${TABLES}`);
    for (const table of tables)
      await owner.query(`INSERT INTO public.${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept.${table}`);
  };
}
