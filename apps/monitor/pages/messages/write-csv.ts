import { once } from 'node:events';
import type { Response } from 'express';
import { COLUMNS, CSV_ROWS, csvLine, sizeBandOf, type Column, type MessageFilter } from '../../../../libs/monitoring';
import { watched, type Database } from '../../../../libs/storage';

type Value = string | number | Date | undefined;

/** Names of columns and of values are those of the query, in every language: programs read them. */
const VALUES: Readonly<Record<Column, (message: watched.ListedMessage) => Value>> = {
  id: ({ id }) => id,
  direction: ({ direction }) => direction,
  partner: ({ partner }) => partner,
  lane: ({ lane }) => lane,
  state: ({ state }) => state,
  attempts: ({ attempts }) => attempts,
  next: ({ nextAt }) => nextAt,
  at: ({ at }) => at,
  changed: ({ changedAt }) => changedAt,
  receipt: ({ receiptAt }) => receiptAt,
  code: ({ code }) => code,
  size: ({ sizeBytes }) => sizeBandOf(sizeBytes),
  expires: ({ expiresAt }) => expiresAt,
};

/**
 * Writes the messages of a filter as CSV, at most `CSV_ROWS`, as fast as whoever reads takes them. What fails behind the first page breaks
 * the connection off: half a file must not look like a whole one.
 */
export async function writeCsv(database: Database, filter: MessageFilter, response: Response): Promise<void> {
  const pages = watched.everyMessage(database, filter, CSV_ROWS);
  // The first page comes before the head: what fails at once is told as an error.
  let page = await pages.next();
  response.type('text/csv; charset=utf-8').setHeader('Content-Disposition', 'attachment; filename="messages.csv"');
  response.setHeader('Cache-Control', 'no-store');
  response.write(csvLine(COLUMNS));
  try {
    for (; page.done !== true && !response.destroyed; page = await pages.next()) {
      const lines = page.value.map((message) => csvLine(COLUMNS.map((column) => VALUES[column](message))));
      if (!response.write(lines.join(''))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  } catch (error) {
    response.destroy(error as Error);
    return;
  }
  response.end();
}
