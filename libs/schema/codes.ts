import units from '../../schemas/codes/v1/units.json';
import type { CodeEntry, CodeList, FieldRule, Lang, ListedUnit } from './code-types';

/** fields.json: a list whose entries are rules. */
type FieldMatrix = Omit<CodeList, 'entries'> & { readonly entries: readonly FieldRule[] };

interface Tables {
  readonly lists: ReadonlyMap<string, CodeList>;
  readonly fields: ReadonlyMap<string, FieldRule>;
}

let tables: Tables | undefined;

/** All code lists, by name. `fieldPath` has the fields that a request for information may name, `units` the units' ids. */
export function codeLists(): readonly CodeList[] {
  return [...loaded().lists.values()];
}

/** The code list `name`, which is the name that schemas/referral/v1/codes.schema.json gives it. */
export function codeList(name: string): CodeList | undefined {
  return loaded().lists.get(name);
}

/** What people read for `code` of `list`; undefined where the list or the code is unknown. */
export function labelOf(list: string, code: string, language: Lang): string | undefined {
  return codeList(list)?.entries.find((entry) => entry.code === code)?.label[language];
}

/** The rows of the field matrix, in the order of a referral. */
export function fieldRules(): readonly FieldRule[] {
  return [...loaded().fields.values()];
}

/** The row of the field matrix for `path`, such as `person.birth`. */
export function fieldRule(path: string): FieldRule | undefined {
  return loaded().fields.get(path);
}

/** The units of a node in the code list `units`. */
export function listedUnits(node: string): readonly ListedUnit[] {
  return (units.entries as readonly ListedUnit[]).filter((unit) => unit.node === node);
}

/** Reads the lists on first use: some ten milliseconds, which most processes never need. */
function loaded(): Tables {
  tables ??= load();
  return tables;
}

function load(): Tables {
  // An import would read ninety files at every start.
  const { LISTS, FIELDS } = require('./generated/code-lists') as typeof import('./generated/code-lists');
  const fields = FIELDS as FieldMatrix;
  const lists = [...(LISTS as readonly CodeList[]), unitList(), askableFields(fields)];
  return {
    lists: new Map(lists.sort((a, b) => (a.list < b.list ? -1 : 1)).map((list) => [list.list, list])),
    fields: new Map(fields.entries.map((rule) => [rule.path, rule])),
  };
}

function unitList(): CodeList {
  const entries = (units.entries as readonly ListedUnit[]).map(({ id, name, to }): CodeEntry => ({
    code: id,
    label: name,
    ...(to !== undefined && { to }),
  }));
  return { list: units.list, version: units.version, source: units.source, entries };
}

function askableFields({ version, entries }: FieldMatrix): CodeList {
  const askable = entries.filter((rule) => rule.askable).map(({ path, label }): CodeEntry => ({ code: path, label }));
  return { list: 'fieldPath', version, source: 'Fields of the field matrix that may be asked for', entries: askable };
}
