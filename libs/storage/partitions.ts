import type { Database } from './database';

/**
 * Makes the partitions of this month and the next three, where they are missing. Without them rows go to the default partition: nothing
 * is refused, but nothing can be dropped by the month either.
 * @returns how many were made
 */
export async function preparePartitions({ query }: Pick<Database, 'query'>): Promise<number> {
  const [row] = await query<{ made: number }>('SELECT prepare_partitions() AS made');
  return row!.made;
}

/**
 * Drops months of attempts that ended before a time at least 30 days back. Delivery events stay: they are evidence.
 * @returns how many months
 */
export async function forgetAttempts({ query }: Pick<Database, 'query'>, before: Date): Promise<number> {
  const [row] = await query<{ dropped: number }>('SELECT forget_attempts($1) AS dropped', [before]);
  return row!.dropped;
}
