import { followed, type SchemaPlace } from '../schema';
import { asObject } from './walk';

/** Whether a condition of the rules holds; `open` while the answer that decides is not there. */
export type Truth = 'yes' | 'no' | 'open';

/**
 * A condition of schemas/referral/v1/rules.schema.json for a document that may be unfinished. Conditions there are made of
 * `required`, `properties`, `const` and `enum`; conditions.spec.ts holds them to that.
 */
export function truthOf(condition: SchemaPlace, value: unknown): Truth {
  const { schema, ...place } = followed(condition);
  if (schema.const !== undefined) return value === schema.const ? 'yes' : 'no';
  if (schema.enum !== undefined) return schema.enum.some((code) => code === value) ? 'yes' : 'no';
  const members = asObject(value) ?? {};
  const missing = schema.required?.some((name) => members[name] === undefined) ? 'open' : 'yes';
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    member === false || members[name] === undefined ? [] : [truthOf({ ...place, schema: member }, members[name])],
  );
  return together([missing, ...inside]);
}

function together(truths: readonly Truth[]): Truth {
  if (truths.includes('no')) return 'no';
  return truths.includes('open') ? 'open' : 'yes';
}

/** What the rules say of paths, as far as the answers decide it. */
export interface Ruling {
  readonly forbidden: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
}

/** The rules below `place` that are in force for `document`; a rule whose condition is still open says nothing. */
export function rulingOf(place: SchemaPlace, document: unknown): Ruling {
  const ruling = { forbidden: new Set<string>(), required: new Set<string>() };
  collect(place, '', document, ruling);
  return ruling;
}

function collect(
  referring: SchemaPlace,
  path: string,
  document: unknown,
  into: { readonly forbidden: Set<string>; readonly required: Set<string> },
): void {
  const { schema, ...place } = followed(referring);
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const name of schema.required ?? []) into.required.add(below(name));
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member === false) into.forbidden.add(below(name));
    else collect({ ...place, schema: member }, below(name), asObject(document)?.[name], into);
  }
  for (const part of schema.allOf ?? []) collect({ ...place, schema: part }, path, document, into);
  if (schema.if === undefined) return;
  const truth = truthOf({ ...place, schema: schema.if }, document);
  const branch = { yes: schema.then, no: schema.else, open: undefined }[truth];
  if (branch) collect({ ...place, schema: branch }, path, document, into);
}
