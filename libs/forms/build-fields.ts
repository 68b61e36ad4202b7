import { fieldRule, followed, type JsonSchema, type Lang, type Purpose, type SchemaPlace } from '../schema';
import type { Field, Group, Leaf, List, Obligation, Option } from './field';
import { isChoices, leafKind } from './kind-of';
import { labelFor } from './labels';
import { gradedPath, isForbidden, matrixPath, rowFor } from './matrix';
import { optionsOf } from './options';

/** For whom and for what a form is. */
export interface FormSettings {
  /** Type of message, `consentRecord` or `overrideRecord`. */
  readonly target: string;
  readonly language: Lang;
  readonly purpose: Purpose | undefined;
  /** IANA time zone in which points in time are shown and typed. */
  readonly timeZone: string;
  readonly units: readonly Option[] | undefined;
  readonly answers: { readonly [key: string]: readonly Option[] } | undefined;
  /** Only fields on the way to these paths, or below them. */
  readonly paths: readonly string[] | undefined;
}

/** Where a field stands in the document. */
interface Spot {
  readonly key: string;
  readonly path: string;
  readonly pointer: string;
  readonly name: string;
  readonly needed: boolean;
  readonly obligation: Obligation;
}

/** Members that the node sets when it sends, and no officer. */
const SET_BY_THE_NODE: ReadonlySet<string> = new Set(['referral/attachment.transfer']);
/** Work contacts of officers, which a browser may fill in from what it knows about its user. */
const AUTOCOMPLETE: { readonly [key: string]: string } = {
  'common/focal.name': 'name',
  'common/focal.phone': 'work tel',
  'common/focal.email': 'work email',
};
const INPUT_MODES = { integer: 'numeric', phone: 'tel', email: 'email' } as const;

/**
 * The fields of the members of an object, in the order of the schema, without what the purpose forbids.
 * @param only members to leave out others
 */
export function membersOf(
  owner: SchemaPlace,
  at: { readonly path: string; readonly pointer: string; readonly name: string; readonly obligation: Obligation },
  settings: FormSettings,
  except: readonly string[] = [],
): Field[] {
  const decided = decidedByOthers(owner.schema);
  return Object.entries(owner.schema.properties!).flatMap(([member, schema]) => {
    const key = `${fileOf(owner)}.${member}`;
    if (schema === false || except.includes(member) || SET_BY_THE_NODE.has(key)) return [];
    const path = at.path === '' ? member : `${at.path}.${member}`;
    if (!isWanted(path, settings.paths)) return [];
    const row = matrixPath(settings.target, path);
    if (row !== undefined && isForbidden(row, settings.purpose)) return [];
    const needed = owner.schema.required?.includes(member) ?? false;
    const spot: Spot = {
      key,
      path,
      pointer: `${at.pointer}/${member}`,
      name: at.name === '' ? member : `${at.name}.${member}`,
      needed,
      obligation: obligationOf(row, needed, at.obligation, decided.has(member), settings.purpose),
    };
    const field = fieldAt({ ...owner, schema }, spot, settings);
    return field ? [field] : [];
  });
}

function isWanted(path: string, paths: readonly string[] | undefined): boolean {
  return (
    paths?.some((wanted) => wanted === path || wanted.startsWith(`${path}.`) || path.startsWith(`${wanted}.`)) ?? true
  );
}

function fieldAt(referring: SchemaPlace, spot: Spot, settings: FormSettings): Field | undefined {
  const place = followed(referring);
  const { schema } = place;
  if (schema.type === 'object') return groupAt(place, spot, settings);
  if (schema.type === 'array')
    return isChoices(place) ? leafAt('choices', place, spot, settings) : listAt(place, spot, settings);
  return leafAt(leafKind(schema), place, spot, settings);
}

/** A group, unless the purpose leaves none of its members. */
function groupAt(place: SchemaPlace, spot: Spot, settings: FormSettings): Group | undefined {
  const { path, pointer, name, obligation } = spot;
  const members = membersOf(place, { path, pointer, name, obligation }, settings);
  if (members.length === 0) return undefined;
  const asked =
    matrixPath(settings.target, path) !== undefined && members.some((member) => member.obligation === 'mandatory');
  const whole = asked ? { ...spot, obligation: 'mandatory' as const } : spot;
  return { ...described(whole, settings), kind: 'group', members };
}

function listAt(place: SchemaPlace, spot: Spot, settings: FormSettings): List {
  const { minItems = 0, maxItems } = place.schema;
  const row: Spot = {
    ...spot,
    key: `${spot.key}[]`,
    pointer: `${spot.pointer}/-`,
    name: `${spot.name}[]`,
    needed: true,
  };
  const item = fieldAt({ ...place, schema: place.schema.items! }, row, settings) as Leaf | Group;
  return { ...described(spot, settings), kind: 'list', item, minItems, maxItems: maxItems! };
}

function leafAt(kind: Leaf['kind'], place: SchemaPlace, spot: Spot, settings: FormSettings): Leaf {
  const { schema } = place;
  const codes = kind === 'choices' ? followed({ ...place, schema: schema.items! }) : place;
  const { target, purpose, language, units, answers } = settings;
  const { key, path } = spot;
  const options = optionsOf(kind, codes, { key, target, path, purpose, language, units, answers });
  return {
    ...described(spot, settings),
    kind: kind === 'integer' && options ? 'choice' : kind,
    autocomplete: AUTOCOMPLETE[key] ?? 'off',
    spellcheck: kind === 'textarea',
    ...(options && { options }),
    ...(schema.type === 'integer' && { numeric: true }),
    ...(schema.maxLength !== undefined && { maxLength: schema.maxLength }),
    ...(schema.minimum !== undefined && { min: schema.minimum }),
    ...(schema.maximum !== undefined && { max: schema.maximum }),
    ...(kind === 'choices' && (schema.minItems ?? 0) === 0 && { none: true }),
    ...(kind === 'instant' && { timeZone: settings.timeZone }),
    ...(kind in INPUT_MODES && { inputMode: INPUT_MODES[kind as keyof typeof INPUT_MODES] }),
  };
}

/** What all kinds have. */
function described({ key, path, pointer, name, needed, obligation }: Spot, { target, language }: FormSettings) {
  const row = gradedPath(target, path);
  const words = labelFor(key, key.endsWith('[]') ? undefined : row, language);
  const rule = row === undefined ? undefined : rowFor(row);
  return {
    key,
    path,
    pointer,
    name,
    id: idOf(name),
    ...words,
    obligation,
    needed,
    ...(rule && { sensitivity: rule.sensitivity }),
    ...(rule?.scope !== undefined && { scope: rule.scope }),
  };
}

/** Every character of a name that means something in an address or a selector becomes a dash. */
const idOf = (name: string) => name.replaceAll(/[.[]/g, '-').replaceAll(']', '');

function obligationOf(
  row: string | undefined,
  needed: boolean,
  owner: Obligation,
  decided: boolean,
  purpose: Purpose | undefined,
): Obligation {
  const cell = purpose !== undefined && row !== undefined ? fieldRule(row)?.cells[purpose] : undefined;
  if (cell === 'M') return 'mandatory';
  if (cell === 'O') return 'optional';
  if (cell === 'C') return 'conditional';
  if (needed) return owner === 'mandatory' ? 'mandatory' : 'conditional';
  return decided ? 'conditional' : 'optional';
}

/** Members that a rule of the object asks for or refuses, depending on other members. */
function decidedByOthers(schema: JsonSchema): ReadonlySet<string> {
  const branches = (schema.allOf ?? []).flatMap((rule) => [rule.then, rule.else]);
  return new Set(
    branches.flatMap((branch) => [
      ...(branch?.required ?? []),
      ...Object.entries(branch?.properties ?? {}).flatMap(([name, member]) => (member === false ? [name] : [])),
    ]),
  );
}

/** `referral/personName` for a definition, `accept` for a file. */
function fileOf({ id, definition }: SchemaPlace): string {
  const file = id.slice(id.lastIndexOf('/') + 1).replace('.schema.json', '');
  return definition === '' ? file : `${file}/${definition}`;
}
