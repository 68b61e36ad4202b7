import { setTimeout as pause } from 'node:timers/promises';
import { asTraoError } from '../../../libs/errors';
import type { Query } from '../../../libs/storage';
import type { NodeId, TwoNodes } from '../../harness/two-nodes';

const TRIES = 6;
const PAUSE_MS = 2_000;

/**
 * The database of a node, to read from: statements that only read, and PostgreSQL refuses any other. Promise I13 rests on it. A database
 * that does not answer now, as under load, is asked again: what is judged is what stands in it.
 */
export function readerOf(nodes: TwoNodes, node: NodeId): Query {
  return async <R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> => {
    for (let tries = 1; ; tries += 1) {
      try {
        const database = await nodes.database(node);
        return await database.transaction(async (query) => {
          await query('SET TRANSACTION READ ONLY');
          return query<R>(sql, parameters);
        });
      } catch (error) {
        if (tries >= TRIES || asTraoError(error).code !== 'database_unavailable') throw error;
        await pause(PAUSE_MS);
      }
    }
  };
}
