/** Reads the schemas of schemas/ for the generated pages: resolves references and knows which parts are shared. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

type Value = string | number | boolean;

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: Value;
  readonly enum?: readonly Value[];
  readonly format?: string;
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema | false };
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** A schema where it stands: the file that its references start from and, for a definition, its name. */
export interface Part {
  readonly file: string;
  readonly name?: string;
  readonly schema: Schema;
}

export interface Contract {
  /** The documents of a folder: the schemas that describe a whole message or record. */
  documents(folder: string): readonly Part[];
  /** What `part` refers to in the end; itself when it refers to nothing. A description beside the reference is kept. */
  resolve(part: Part): Part;
  /** Objects that more than one place refers to, in the order in which the documents name them. */
  readonly shared: readonly Part[];
  isShared(part: Part): boolean;
}

/** Reads all schemas in `folders` below `root`. */
export function readContract(root: string, folders: readonly string[]): Contract {
  const files = new Map<string, Schema>();
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder)).sort()) {
      if (!name.endsWith('.schema.json')) continue;
      files.set(`${folder}/${name}`, JSON.parse(readFileSync(join(root, folder, name), 'utf8')) as Schema);
    }
  }

  function follow({ file, schema }: Part): Part | undefined {
    if (schema.$ref === undefined) return undefined;
    const [path = '', pointer = ''] = schema.$ref.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    const name = pointer.replace('/$defs/', '');
    const found = name === '' ? files.get(target) : files.get(target)?.$defs?.[name];
    if (found === undefined) throw new Error(`${file}: ${schema.$ref} does not exist`);
    return { file: target, ...(name !== '' && { name }), schema: found };
  }

  function resolve(part: Part): Part {
    const target = follow(part);
    if (target === undefined) return part;
    const { schema, ...place } = resolve(target);
    const description = part.schema.description ?? schema.description;
    return { ...place, schema: { ...schema, ...(description !== undefined && { description }) } };
  }

  const documents = (folder: string) =>
    [...files]
      .filter(([file, { properties }]) => file.startsWith(`${folder}/`) && properties !== undefined)
      .map(([file, schema]): Part => ({ file, schema }));

  const counts = new Map<string, { part: Part; count: number }>();
  const visit = (part: Part): void => {
    for (const child of childrenOf(part)) {
      const target = resolve(child);
      if (target.name !== undefined && target.schema.properties !== undefined) {
        const key = keyOf(target);
        const seen = counts.get(key);
        counts.set(key, { part: seen?.part ?? follow(child) ?? target, count: (seen?.count ?? 0) + 1 });
        if (seen !== undefined) continue;
      }
      visit(target);
    }
  };
  for (const folder of folders) for (const part of documents(folder)) visit(part);
  const shared = [...counts.values()].filter(({ count }) => count > 1).map(({ part }) => part);
  const keys = new Set(shared.map(keyOf));
  return { documents, resolve, shared, isShared: (part) => keys.has(keyOf(part)) };
}

/** Members and entries of an object or list. Headers are told apart: every message has one. */
function childrenOf({ file, schema }: Part): readonly Part[] {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    member === false || name === 'header' ? [] : [{ file, schema: member }],
  );
  return schema.items === undefined ? members : [...members, { file, schema: schema.items }];
}

function keyOf({ file, name }: Part): string {
  return `${file}#${name ?? ''}`;
}
