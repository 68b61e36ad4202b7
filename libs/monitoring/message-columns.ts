/** What the list of messages can show, in the order of the table. */
export const COLUMNS = [
  'id',
  'direction',
  'partner',
  'lane',
  'state',
  'attempts',
  'next',
  'at',
  'changed',
  'receipt',
  'code',
  'size',
  'expires',
] as const;
export type Column = (typeof COLUMNS)[number];

export const DEFAULT_COLUMNS: readonly Column[] = [
  'id',
  'direction',
  'partner',
  'state',
  'attempts',
  'next',
  'at',
  'receipt',
  'code',
  'size',
];

/** A cell of CSV (RFC 4180). One that a spreadsheet would take for a formula begins with an apostrophe instead. */
function csvCell(value: string | number | Date | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return value.toISOString();
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line with its end. */
export const csvLine = (values: readonly Parameters<typeof csvCell>[0][]): string =>
  `${values.map(csvCell).join(',')}\r\n`;

/** Rows of one file of CSV: more than that is a task for the database, not for a browser. */
export const CSV_ROWS = 50_000;
