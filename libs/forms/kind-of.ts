import { schemaPlace, memberPlace, followed, type JsonSchema, type SchemaPlace } from '../schema';
import type { LeafKind } from './field';

/** Definitions whose values have a control of their own, by the pattern or format that makes a value one of them. */
const KINDS: { readonly [definition: string]: LeafKind } = {
  country: 'country',
  language: 'language',
  unitId: 'unit',
  phone: 'phone',
  email: 'email',
  digest: 'digest',
};
/** Longer texts get more than one line. */
const ONE_LINE = 200;

let patterns: ReadonlyMap<string, LeafKind> | undefined;

/** The control for a single value: of its type, its codes, its format and its pattern, wherever the schema writes them. */
export function leafKind(schema: JsonSchema): LeafKind {
  if (schema.type === 'boolean') return schema.const === true ? 'confirm' : 'yesno';
  if (schema.enum !== undefined) return 'choice';
  if (schema.type === 'integer') return 'integer';
  if (schema.format === 'date') return 'date';
  if (schema.format === 'date-time') return 'instant';
  patterns ??= loadPatterns();
  const known = patterns.get(schema.pattern!);
  return known ?? (schema.maxLength! > ONE_LINE ? 'textarea' : 'text');
}

/** True for a list of codes of which several can be ticked. */
export function isChoices(list: SchemaPlace): boolean {
  return followed({ ...list, schema: list.schema.items! }).schema.enum !== undefined;
}

function loadPatterns(): ReadonlyMap<string, LeafKind> {
  const contact = memberPlace(schemaPlace('referral'), 'contact')!;
  const shared = Object.entries(KINDS).map(([definition, kind]): [string, LeafKind] => {
    const place = followed({ ...contact, schema: { $ref: `#/$defs/${definition}` } });
    return [place.schema.pattern!, kind];
  });
  const month = followed({ ...contact, schema: { $ref: 'parts.schema.json#/$defs/month' } });
  return new Map([...shared, [month.schema.pattern!, 'month']]);
}
