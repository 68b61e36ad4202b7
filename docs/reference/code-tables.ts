/** The page of code lists and the tables of the field matrix, from the files of schemas/codes/v1. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  STANDARDS,
  type CodeEntry,
  type CodeList,
  type FieldRule,
  type ListedUnit,
  type Text,
} from '../../libs/schema/code-types.ts';
import { anchor } from './message-tables.ts';

/** Files with a shape of their own: the matrix and the units. */
interface FieldMatrix {
  readonly version: string;
  readonly entries: readonly FieldRule[];
  readonly neverCarried: readonly { readonly label: Text }[];
}
type UnitList = Omit<CodeList, 'entries'> & { readonly entries: readonly ListedUnit[] };

const COLUMNS = Object.keys(STANDARDS) as (keyof typeof STANDARDS)[];

/** The field matrix of `folder`, which is schemas/codes/v1. */
export function readMatrix(folder: string): FieldMatrix {
  return JSON.parse(readFileSync(join(folder, 'fields.json'), 'utf8')) as FieldMatrix;
}

/** All code lists of `folder`, by name; the fields that may be asked for and the units are lists too. */
export function readLists(folder: string): readonly CodeList[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const lists = readdirSync(folder)
    .filter((file) => file !== 'fields.json' && file !== 'units.json')
    .map((file) => read(file) as CodeList);
  const { version, entries } = readMatrix(folder);
  const askable = entries.filter((rule) => rule.askable).map(({ path, label }) => ({ code: path, label }));
  const units = read('units.json') as UnitList;
  return [
    ...lists,
    { list: 'fieldPath', version, source: 'Fields of the field matrix that may be asked for', entries: askable },
    { ...units, entries: units.entries.map(({ id, name, to }) => ({ code: id, label: name, ...(to && { to }) })) },
  ].sort((a, b) => (a.list < b.list ? -1 : 1));
}

/** A section per list, with a table of contents before. */
export function codeSections(lists: readonly CodeList[]): string {
  const contents = lists.map(({ list }) => `[${list}](#${anchor(list)})`).join(' · ');
  return [contents, ...lists.map(section)].join('\n\n');
}

function section({ list, version, source, entries }: CodeList): string {
  const columns = COLUMNS.filter((column) => entries.some(({ crosswalk }) => crosswalk?.[column]));
  const remarks = entries.some((entry) => remark(entry) !== '');
  const heads = ['code', 'English', 'tiếng Việt', ...columns.map((column) => STANDARDS[column])];
  const rows = entries.map((entry) => [
    `\`${entry.code}\``,
    entry.label.en,
    entry.label.vi,
    ...columns.map((column) => entry.crosswalk?.[column]?.map((name) => `\`${name}\``).join(', ') ?? ''),
    ...(remarks ? [remark(entry)] : []),
  ]);
  return `## ${list}\n\nVersion ${version}. ${source}.\n\n${markdownTable([...heads, ...(remarks ? ['remark'] : [])], rows)}`;
}

function remark({ confirmed, to, note }: CodeEntry): string {
  const parts = [confirmed === false ? 'to be confirmed' : '', to ? `until ${to}` : '', note ? both(note) : ''];
  return parts.filter((part) => part !== '').join('; ');
}

/** Which purpose needs, allows or forbids which field. */
export function matrixTable({ entries }: FieldMatrix): string {
  const purposes = Object.keys(entries[0]?.cells ?? {}) as (keyof FieldRule['cells'])[];
  const rows = entries.map(({ path, label, sensitivity, cells, scope, askable }) => [
    `\`${path}\``,
    both(label),
    sensitivity,
    ...purposes.map((purpose) => cells[purpose]),
    scope ? `\`${scope}\`` : '',
    askable ? 'yes' : '',
  ]);
  return markdownTable(['field', 'name', 'S', ...purposes, 'scope of consent', 'may be asked for'], rows);
}

/** When a conditional field is given, and what else holds for a field. */
export function ruleTable({ entries }: FieldMatrix): string {
  const rows = entries
    .filter(({ condition, rule }) => condition ?? rule)
    .map(({ path, condition, rule }) => [`\`${path}\``, condition ? both(condition) : '', rule ? both(rule) : '']);
  return markdownTable(['field', 'C means: given when', 'rule'], rows);
}

/** What has no field, in English. */
export function neverCarried({ neverCarried: never }: FieldMatrix): string {
  return never.map(({ label }) => `- ${both(label)}`).join('\n');
}

function both({ en, vi }: Text): string {
  return `${en} / ${vi}`;
}

function markdownTable(heads: readonly (string | undefined)[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly (string | undefined)[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
