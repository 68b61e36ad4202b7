import { rawSchemas, schemaIdOf, type DocumentName } from './validators';

/** The keywords of our schemas that describe a value; schemas/README.md lists the subset of draft 2020-12 that they use. */
export interface JsonSchema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: JsonSchema };
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  /** `false`: the member is not allowed. */
  readonly properties?: { readonly [name: string]: JsonSchema | false };
  readonly required?: readonly string[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | boolean;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly allOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
}

/** A schema and where it stands, so that references from it can be followed. */
export interface SchemaPlace {
  readonly schema: JsonSchema;
  /** `$id` of the file. */
  readonly id: string;
  /** Name of the definition inside the file; empty for the file itself. */
  readonly definition: string;
}

/** The schema of a kind of document, for programs that show what it asks for, such as forms. */
export function schemaPlace(name: DocumentName): SchemaPlace {
  return placeAt(schemaIdOf(name), '');
}

/**
 * What `place` refers to with `$ref`, and further on as long as that refers to something else, with the keywords that stand
 * beside each reference; `place` itself when it refers to nothing.
 */
export function followed({ schema, id, definition }: SchemaPlace): SchemaPlace {
  const { $ref, ...beside } = schema;
  if ($ref === undefined) return { schema, id, definition };
  const target = new URL($ref, id);
  const place = followed(placeAt(`${target.origin}${target.pathname}`, target.hash.replace('#/$defs/', '')));
  return { ...place, schema: { ...place.schema, ...beside } };
}

/** The member `name` of what `place` describes, with references followed; undefined where the schema has none. */
export function memberPlace(place: SchemaPlace, name: string): SchemaPlace | undefined {
  const member = place.schema.properties?.[name];
  return member ? followed({ ...place, schema: member }) : undefined;
}

function placeAt(id: string, definition: string): SchemaPlace {
  const file = rawSchemas().get(id) as JsonSchema;
  return { schema: definition === '' ? file : file.$defs![definition]!, id, definition };
}
