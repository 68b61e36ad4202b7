import { faultAt, TraoError } from '../errors';

/** Where a failure was seen. */
export const ERROR_SOURCES = [
  /** An attempt to deliver failed; it is tried again. */
  'sending',
  /** The partner, or time, ended a message that was sent from here. */
  'ended',
  /** This node refused a message of a partner. */
  'receiving',
  /** An alarm was raised with a code. */
  'alarm',
] as const;
export type ErrorSource = (typeof ERROR_SOURCES)[number];

/** How far back people look, in hours. */
export const ERROR_WINDOWS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;
export type ErrorWindow = keyof typeof ERROR_WINDOWS;

export interface ErrorFilter {
  readonly window: ErrorWindow;
  readonly source?: ErrorSource | undefined;
  readonly code?: string | undefined;
  readonly partner?: string | undefined;
}

/** Failures of one code, seen at one place, with one partner. */
export interface ErrorGroup {
  readonly code: string;
  readonly source: ErrorSource;
  /** Undefined where it is about no partner. */
  readonly partner: string | undefined;
  readonly count: number;
  readonly lastAt: Date;
  /** The newest of them: the id of a message; undefined for alarms about something else. */
  readonly messageId: string | undefined;
}

export interface ErrorLog {
  readonly groups: readonly ErrorGroup[];
  /** True when there were more failures than are counted at once: then the newest ones are. */
  readonly partial: boolean;
}

type Asked = Readonly<Record<string, unknown>>;

/** @throws TraoError `bad_request`: something that is no filter, or no value of one */
export function readErrorFilter(asked: Asked): ErrorFilter {
  const text = (name: string) => (asked[name] === undefined || asked[name] === '' ? undefined : asked[name]);
  const [window = '24h', source, code, partner] = ['window', 'source', 'code', 'partner'].map(text);
  const wrong = [
    ...(typeof window === 'string' && Object.hasOwn(ERROR_WINDOWS, window) ? [] : ['window']),
    ...(source === undefined || ERROR_SOURCES.includes(source as ErrorSource) ? [] : ['source']),
    ...(code === undefined || (typeof code === 'string' && /^[a-z0-9_]{1,64}$/.test(code)) ? [] : ['code']),
    ...(partner === undefined || (typeof partner === 'string' && /^[a-z]{2}(?:-[a-z]{2})?$/.test(partner))
      ? []
      : ['partner']),
    ...Object.keys(asked).filter((name) => !['window', 'source', 'code', 'partner'].includes(name)),
  ];
  if (wrong.length > 0)
    throw new TraoError('bad_request', { faults: wrong.map((name) => faultAt(`?${name}`, 'bad_parameter')) });
  return { window, source, code, partner } as ErrorFilter;
}

/** The moment from which on failures count. */
export const errorsSince = ({ window }: ErrorFilter, now: Date): Date =>
  new Date(now.getTime() - ERROR_WINDOWS[window] * 3_600_000);

/** The same filter as a query, with changes. */
export function errorQuery(filter: ErrorFilter, change: Partial<ErrorFilter> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...change })) if (value !== undefined) query.set(name, value);
  return query.toString();
}

const HEADS = ['code', 'source', 'partner', 'count', 'last_at', 'message_id'];

/** CSV (RFC 4180). Codes, ids and numbers only: there is nothing to quote, and nothing that a spreadsheet would run. */
export function errorCsv(groups: readonly ErrorGroup[]): string {
  const lines = groups.map(({ code, source, partner, count, lastAt, messageId }) =>
    [plain(code), source, plain(partner ?? ''), String(count), lastAt.toISOString(), messageId ?? ''].join(','),
  );
  return `${[HEADS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Codes and ids of nodes come from partners too. */
const plain = (text: string) => (/^[\w-]*$/.test(text) ? text : 'unreadable');
