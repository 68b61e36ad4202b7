/**
 * Writes the TypeScript types of the schemas to libs/schema/generated. Run by Node 24 directly:
 *   node schemas/generate-types.ts           write
 *   node schemas/generate-types.ts --check   exit 1 when the committed files are stale
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

type Schema = { [keyword: string]: unknown };

interface Target {
  /** File in libs/schema/generated. */
  readonly file: string;
  /** Name of the union of the documents' types; a single document keeps its own title. */
  readonly union?: string;
  /** Files below schemas/, without their ending. */
  readonly documents: readonly string[];
  /** Files that documents refer to. Files with rules only (if, then) give no types and are not named here. */
  readonly parts?: readonly string[];
}

const HERE = dirname(resolve(process.argv[1] ?? ''));

/** The file of every type of message, after the code list of types. */
function messageFiles(): string[] {
  const { messageType } = readSchema('referral/v1/codes').$defs as { messageType: { enum: string[] } };
  return messageType.enum.map((type) => `referral/v1/${type.replaceAll('_', '-')}`);
}

const TARGETS: readonly Target[] = [
  {
    file: 'message.ts',
    union: 'Message',
    documents: messageFiles(),
    parts: ['referral/v1/common', 'referral/v1/parts', 'referral/v1/codes'],
  },
  {
    file: 'consent.ts',
    union: 'LocalRecord',
    documents: ['consent/v1/consent', 'consent/v1/override'],
    parts: ['referral/v1/common', 'referral/v1/codes'],
  },
  { file: 'receipt.ts', documents: ['receipt/v1/receipt'] },
  { file: 'manifest.ts', documents: ['manifest/v1/manifest'] },
  { file: 'directory.ts', documents: ['directory/v1/directory'] },
];

const GENERATED = resolve(HERE, '../libs/schema/generated');
const BANNER = '/* Generated from schemas/ by schemas/generate-types.ts: do not edit. */';

/** Keywords that restrict values but say nothing about types; without them equal parts stay one named type. */
const WITHOUT_TYPE = new Set([
  '$schema',
  '$id',
  '$defs',
  '$comment',
  'if',
  'then',
  'else',
  'minProperties',
  'maxProperties',
]);

function readSchema(file: string): Schema {
  return JSON.parse(readFileSync(join(HERE, `${file}.schema.json`), 'utf8')) as Schema;
}

/** `name` of a definition, or its title, as the name of a type. */
function typeName(name: string, definition: Schema): string {
  return typeof definition.title === 'string' ? definition.title : name.charAt(0).toUpperCase() + name.slice(1);
}

/** One schema with every definition of the target's files under `$defs`, each with its type name as title. */
function bundle(target: Target): Schema {
  const files = [...target.documents, ...(target.parts ?? [])];
  const schemas = new Map(files.map((name) => [name, readSchema(name)]));
  const names = new Map<string, string>();
  for (const [file, schema] of schemas) {
    for (const [key, definition] of definitionsOf(schema)) names.set(`${file}#${key}`, typeName(key, definition));
  }
  const definitions: Schema = {};
  const define = (name: string, file: string, schema: Schema) => {
    if (name in definitions) throw new Error(`${target.file}: two definitions would both be called ${name}`);
    definitions[name] = { ...typesOnly(schema, file, names), title: name };
  };
  for (const [file, schema] of schemas) {
    for (const [key, definition] of definitionsOf(schema)) define(names.get(`${file}#${key}`) ?? key, file, definition);
    if (target.documents.includes(file)) define(String(schema.title), file, schema);
  }
  const titles = target.documents.map((file) => String(schemas.get(file)?.title));
  const [only = ''] = titles;
  if (target.union === undefined) return { ...(definitions[only] as Schema), $defs: definitions };
  return { title: target.union, anyOf: titles.map((title) => ({ $ref: `#/$defs/${title}` })), $defs: definitions };
}

function definitionsOf(schema: Schema): [string, Schema][] {
  return Object.entries((schema.$defs ?? {}) as { [key: string]: Schema });
}

/** `schema` without rules and with references into the bundle. Text beside a reference is dropped: it would copy the type. */
function typesOnly(schema: Schema, file: string, names: ReadonlyMap<string, string>): Schema {
  const result: Schema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref') return { $ref: bundled(String(value), file, names) };
    if (WITHOUT_TYPE.has(keyword)) continue;
    const kept = keyword === 'allOf' ? (value as Schema[]).filter((part) => !isRule(part)) : value;
    if (keyword === 'allOf' && (kept as Schema[]).length === 0) continue;
    result[keyword] = keyword === 'properties' ? properties(kept as Schema, file, names) : mapped(kept, file, names);
  }
  return result;
}

function properties(named: Schema, file: string, names: ReadonlyMap<string, string>): Schema {
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, mapped(schema, file, names)]));
}

function mapped(value: unknown, file: string, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, file, names));
  return typeof value === 'object' && value !== null ? typesOnly(value as Schema, file, names) : value;
}

function isRule(part: Schema): boolean {
  return 'if' in part || (typeof part.$ref === 'string' && !part.$ref.includes('#'));
}

function bundled(reference: string, file: string, names: ReadonlyMap<string, string>): string {
  const [path = '', pointer = ''] = reference.split('#');
  const target = path === '' ? file : posix.join(posix.dirname(file), path.replace('.schema.json', ''));
  const name = names.get(`${target}#${pointer.replace('/$defs/', '')}`);
  if (name === undefined) throw new Error(`${file}: ${reference} is not among the files of the target`);
  return `#/$defs/${name}`;
}

async function generate(target: Target): Promise<string> {
  const schema = bundle(target);
  const raw = await compile(schema, String(schema.title), {
    additionalProperties: false,
    bannerComment: BANNER,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  const path = join(GENERATED, target.file);
  return format(raw, { ...(await resolveConfig(path)), parser: 'typescript' });
}

async function main(check: boolean): Promise<void> {
  mkdirSync(GENERATED, { recursive: true });
  for (const target of TARGETS) {
    const path = join(GENERATED, target.file);
    const text = await generate(target);
    const stale = !existsSync(path) || readFileSync(path, 'utf8') !== text;
    if (!stale) continue;
    if (check) {
      console.error(`libs/schema/generated/${target.file} is stale: run "node schemas/generate-types.ts" and commit.`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
      console.log(`wrote libs/schema/generated/${target.file}`);
    }
  }
}

void main(process.argv.includes('--check'));
