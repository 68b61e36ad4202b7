/** Tables of members and sentences about conditions, from schemas. */
import type { Contract, Part, Schema } from './contract-reader.ts';

/** Patterns that say what a text may consist of; the others are shown as they are. */
const PATTERNS: { readonly [pattern: string]: string } = {
  '^[^\\u0000-\\u001f\\u007f-\\u009f]*$': 'one line',
  '^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$': 'several lines',
};
const MAX_SAFE = 2 ** 53 - 1;
const SINGULAR: { readonly [unit: string]: string } = {
  characters: 'character',
  entries: 'entry',
  members: 'member',
};

interface Row {
  readonly path: string;
  readonly type: string;
  readonly required: string;
  readonly bounds: string;
  readonly description: string;
}

/** The members of an object as a table, with its conditions below; parts that other places share are linked. */
export function objectSection(contract: Contract, part: Part): string {
  const rows: Row[] = [];
  const conditions: string[] = [];
  collect(contract, part, '', rows, conditions);
  return [table(rows), ...(conditions.length > 0 ? ['', ...conditions.map((text) => `- ${text}`)] : [])].join('\n');
}

/** What a message's header needs or must not have beyond the header of every message. */
export function headerSentence(contract: Contract, { file, schema }: Part): string {
  const required = new Set<string>();
  const forbidden = new Set<string>();
  const visit = (part: Part): void => {
    const { file: place, name, schema: target } = contract.resolve(part);
    if (name !== 'header' || place === file) for (const member of target.required ?? []) required.add(member);
    for (const [member, rule] of Object.entries(target.properties ?? {})) if (rule === false) forbidden.add(member);
    if (place === file || name !== 'header') {
      for (const each of target.allOf ?? []) visit({ file: place, schema: each });
    }
  };
  const header = schema.properties?.['header'];
  if (header !== undefined && header !== false) visit({ file, schema: header });
  return [
    required.size > 0 ? `The header needs also ${codes([...required])}.` : '',
    forbidden.size > 0 ? `The header must not have ${codes([...forbidden])}.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Definitions that are no objects, such as dates: name, form, meaning. */
export function simpleTypes(file: string, schema: Schema): string {
  const rows = Object.entries(schema.$defs ?? {})
    .filter(([, { type }]) => type !== undefined && type !== 'object' && type !== 'array')
    .map(([name, definition]) => ({
      name,
      text: `| \`${name}\` | ${typeOf({ file, schema: definition })} | ${boundsOf(definition)} | ${definition.description ?? ''} |`,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return rows.map(({ text }) => text).join('\n');
}

function table(rows: readonly Row[]): string {
  return [
    '| member | type | required | bounds | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ path, type, required, bounds, description }) =>
        `| \`${path}\` | ${type} | ${required} | ${bounds} | ${description} |`,
    ),
  ].join('\n');
}

function collect(contract: Contract, part: Part, prefix: string, rows: Row[], conditions: string[]): void {
  const { file, schema } = part;
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member === false || (prefix === '' && name === 'header')) continue;
    const target = contract.resolve({ file, schema: member });
    const list = target.schema.type === 'array' && target.schema.items !== undefined;
    const inner = list ? contract.resolve({ file: target.file, schema: target.schema.items }) : target;
    const path = `${prefix}${name}${list ? '[]' : ''}`;
    rows.push({
      path,
      type: list ? `list of ${typeIn(contract, inner)}` : typeIn(contract, inner),
      required: schema.required?.includes(name) ? 'yes' : '',
      bounds: [list ? boundsOf(target.schema) : '', isSimple(inner) ? '' : boundsOf(inner.schema)]
        .filter((text) => text !== '')
        .join('; '),
      description: target.schema.description ?? inner.schema.description ?? '',
    });
    if (inner.schema.properties !== undefined && !contract.isShared(inner))
      collect(contract, inner, `${path}.`, rows, conditions);
  }
  for (const rule of schema.allOf ?? []) if (rule.if !== undefined) conditions.push(condition(rule, prefix));
}

/** Codes and simple types have a place of their own, where their bounds are. */
function isSimple({ file, name, schema }: Part): boolean {
  return name !== undefined && schema.properties === undefined && /(codes|common|parts)\.schema\.json$/.test(file);
}

function typeIn(contract: Contract, part: Part): string {
  if (contract.isShared(part)) return `[${part.name}](#${anchor(partHeading(part))})`;
  if (part.schema.properties !== undefined) return 'object';
  if (!isSimple(part)) return typeOf(part);
  if (part.file.endsWith('codes.schema.json')) return `[${part.name}](codes.md#${anchor(part.name ?? '')})`;
  return `[${part.name}](#simple-types)`;
}

function typeOf({ schema }: Part): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  return schema.type === 'string' ? 'text' : (schema.type ?? '');
}

function boundsOf(schema: Schema): string {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, minProperties, maxProperties } = schema;
  return [
    span(minLength, maxLength, 'characters'),
    span(minimum, maximum === MAX_SAFE ? undefined : maximum, ''),
    span(minItems, maxItems, 'entries'),
    span(minProperties, maxProperties, 'members'),
    schema.uniqueItems === true ? 'none twice' : '',
    schema.pattern === undefined ? '' : (PATTERNS[schema.pattern] ?? `\`${schema.pattern.replaceAll('|', '\\|')}\``),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function span(least: number | undefined, most: number | undefined, unit: string): string {
  const words = unit === '' ? '' : ` ${(most ?? least) === 1 ? SINGULAR[unit] : unit}`;
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `at least ${least}${words}`;
  if (least === undefined) return `at most ${most}${words}`;
  return least === most ? `exactly ${most}${words}` : `${least} to ${most}${words}`;
}

function condition(rule: Schema, prefix: string): string {
  const then = demand(rule.then, prefix);
  const otherwise = demand(rule.else, prefix);
  const when = cause(rule.if ?? {}, prefix);
  if (then === '') return `Unless ${when}: ${otherwise}.`;
  return otherwise === '' ? `When ${when}: ${then}.` : `When ${when}: ${then}. Otherwise: ${otherwise}.`;
}

function cause({ required = [], properties = {} }: Schema, prefix: string): string {
  return required.map((name) => `\`${prefix}${name}\` ${valueOf(properties[name])}`).join(' and ');
}

function valueOf(schema: Schema | false | undefined): string {
  if (schema === undefined || schema === false) return 'is there';
  if (schema.const !== undefined) return `is \`${String(schema.const)}\``;
  if (schema.enum !== undefined) return `is ${schema.enum.map((value) => `\`${String(value)}\``).join(' or ')}`;
  return `${schema.type === 'array' ? 'has' : 'is'} ${boundsOf(schema)}`;
}

function demand(rule: Schema | undefined, prefix: string): string {
  const members = Object.entries(rule?.properties ?? {});
  const forbidden = members.filter(([, member]) => member === false).map(([name]) => `${prefix}${name}`);
  const narrowed = members.flatMap(([name, member]) =>
    member === false ? [] : [`\`${prefix}${name}\` ${valueOf(member)}`],
  );
  return [
    (rule?.required?.length ?? 0) > 0 ? `needs ${codes((rule?.required ?? []).map((name) => prefix + name))}` : '',
    forbidden.length > 0 ? `must not have ${codes(forbidden)}` : '',
    ...narrowed,
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** The heading of a shared part, unlike that of any message. */
export function partHeading({ name = '' }: Part): string {
  return `Part ${name}`;
}

/** The anchor that a heading gets in rendered Markdown. */
export function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-');
}
