import type { Database, Query } from '../../../libs/storage';
import type { NodeId, TwoNodes } from '../../harness/two-nodes';

/** Statements that only read: PostgreSQL refuses any other. Promise I13 rests on it. */
export const reading =
  (database: Database): Query =>
  (sql, parameters) =>
    database.transaction(async (query) => {
      await query('SET TRANSACTION READ ONLY');
      return query(sql, parameters);
    });

/** The database of a node, to read from. */
export const readerOf = async (nodes: TwoNodes, node: NodeId): Promise<Query> => reading(await nodes.database(node));
