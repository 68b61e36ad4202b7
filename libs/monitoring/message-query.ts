import { faultAt, type Fault } from '../errors';
import { graphemes } from '../text';
import { markIn, type MessageMark } from './message-cursor';
import { COLUMNS, DEFAULT_COLUMNS, type Column } from './message-columns';
import { statesOf, type StateChoice } from './message-states';
import { momentOf } from './message-times';

export const DIRECTIONS = ['all', 'sent', 'received'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const LANES = ['emergency', 'urgent', 'normal'] as const;

/** Which messages a list shows. Members that are undefined leave nothing out. */
export interface MessageFilter {
  readonly direction: Direction;
  readonly partner: string | undefined;
  readonly states: StateChoice | undefined;
  readonly lane: (typeof LANES)[number] | undefined;
  readonly code: string | undefined;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  /** The least and the greatest id that begin as asked for. */
  readonly ids: { readonly from: string; readonly to: string } | undefined;
}

/** What was asked for, as far as it makes sense, and what does not. */
export interface MessageQuery {
  readonly filter: MessageFilter;
  readonly after: MessageMark | undefined;
  readonly columns: readonly Column[];
  readonly limit: number;
  readonly faults: readonly Fault[];
  /** The values as they were typed, for the form: never longer than a filter may be. */
  readonly typed: Readonly<Record<FilterName, string>>;
}

export const FILTER_NAMES = ['direction', 'partner', 'state', 'lane', 'code', 'since', 'until', 'id'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
/** Everything that may stand in the address of a list. */
const NAMES: readonly string[] = [...FILTER_NAMES, 'after', 'column', 'limit'];

/** Rows of one page. */
export const PAGE_ROWS = 50;
const MAX_ROWS = 200;
/** Longer than any value that means something; what is longer is not shown back either. */
const MAX_LENGTH = 64;

const NODE = /^[a-z]{2}(-[a-z]{2})?$/;
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const HEX = /^[0-9a-f]{4,32}$/;

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Reads the query of a list. Whatever is no filter gives a fault at its name. A query with faults shows no rows: a list without the
 * filter that was meant could be mistaken for one with it.
 * @param parameters as a web framework hands them over: texts, lists and objects of texts
 * @param zone in which times without `Z` are read
 */
export function readMessageQuery(parameters: Parameters, zone: string): MessageQuery {
  // A name that is misspelt filters nothing: it is told like a value that is.
  const faults = Object.keys(parameters).every((name) => NAMES.includes(name)) ? [] : [faultAt('?', 'bad_parameter')];
  const typed = Object.fromEntries(FILTER_NAMES.map((name) => [name, textOf(parameters, name, faults)])) as Record<
    FilterName,
    string
  >;
  const take = <T>(name: FilterName, read: (text: string) => T | undefined): T | undefined => {
    if (typed[name] === '') return undefined;
    const value = read(typed[name]);
    if (value === undefined) faults.push(faultAt(`?${name}`, 'bad_parameter'));
    return value;
  };
  const listed = <T extends string>(name: FilterName, list: readonly T[]) =>
    take(name, (text) => list.find((one) => one === text));
  const shaped = (name: FilterName, shape: RegExp) => take(name, (text) => (shape.test(text) ? text : undefined));
  const filter: MessageFilter = {
    direction: listed('direction', DIRECTIONS) ?? 'all',
    partner: shaped('partner', NODE),
    states: take('state', statesOf),
    lane: listed('lane', LANES),
    code: shaped('code', CODE),
    since: take('since', (text) => momentOf(text, zone)),
    until: take('until', (text) => momentOf(text, zone)),
    ids: take('id', idsFrom),
  };
  if (filter.since && filter.until && filter.until <= filter.since) faults.push(faultAt('?until', 'window_ends_first'));
  return {
    filter,
    after: cursorIn(parameters, faults),
    columns: columnsIn(parameters, faults),
    limit: limitIn(parameters, faults),
    faults,
    typed,
  };
}

function textOf(parameters: Parameters, name: string, faults: Fault[]): string {
  const value = parameters[name] ?? '';
  const text = typeof value === 'string' ? value.trim() : undefined;
  if (text !== undefined && text.length <= MAX_LENGTH) return text;
  faults.push(faultAt(`?${name}`, 'bad_parameter'));
  return '';
}

/** The ids that begin with at least four digits; dashes may stand where they like. */
function idsFrom(text: string): MessageFilter['ids'] {
  const digits = text.toLowerCase().replaceAll('-', '');
  if (!HEX.test(digits)) return undefined;
  return { from: dashed(digits.padEnd(32, '0')), to: dashed(digits.padEnd(32, 'f')) };
}

const dashed = (digits: string) => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

function cursorIn({ after }: Parameters, faults: Fault[]): MessageMark | undefined {
  if (after === undefined || after === '') return undefined;
  const mark = typeof after === 'string' ? markIn(after) : undefined;
  if (!mark) faults.push(faultAt('?after', 'bad_cursor'));
  return mark;
}

/** The columns that are asked for, in the order of the table. */
function columnsIn({ column }: Parameters, faults: Fault[]): readonly Column[] {
  if (column === undefined || column === '') return DEFAULT_COLUMNS;
  const asked: unknown[] = Array.isArray(column) ? column : [column];
  if (!asked.every((one) => COLUMNS.includes(one as Column))) faults.push(faultAt('?column', 'bad_parameter'));
  const known = COLUMNS.filter((one) => asked.includes(one));
  return known.length > 0 ? known : DEFAULT_COLUMNS;
}

function limitIn({ limit }: Parameters, faults: Fault[]): number {
  if (limit === undefined || limit === '') return PAGE_ROWS;
  const rows = typeof limit === 'string' && /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (rows >= 1 && rows <= MAX_ROWS) return rows;
  faults.push(faultAt('?limit', 'bad_parameter'));
  return PAGE_ROWS;
}

/** The query as a text: filters and columns in a fixed order, without what stands for nothing, without the place in the list. */
export function queryText({ typed, columns }: Pick<MessageQuery, 'typed' | 'columns'>): string {
  const parts = new URLSearchParams();
  for (const name of FILTER_NAMES) if (typed[name] !== '') parts.append(name, typed[name]);
  if (columns.join() !== DEFAULT_COLUMNS.join()) for (const column of columns) parts.append('column', column);
  return parts.toString();
}

/** Longest name of a saved view, in characters. */
export const MAX_VIEW_NAME = 60;
/** So many an operator may keep. */
export const MAX_VIEWS = 30;

/** The fault of a name for a saved view; undefined where it can have it. */
export function viewNameFault(name: string): Fault | undefined {
  const length = graphemes(name);
  if (length === 0) return faultAt('/name', 'required');
  if (length > MAX_VIEW_NAME) return faultAt('/name', 'too_long', MAX_VIEW_NAME);
  // Control characters and those that turn the direction of reading make two names look alike.
  return /[\p{Cc}\p{Cf}]/u.test(name) ? faultAt('/name', 'wrong_form') : undefined;
}
