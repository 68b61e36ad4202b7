/** Where a keyword of draft 2020-12 holds schemas: one, a list of them, or one for each name. */
const HOLDS = {
  one: words(
    'items contains additionalProperties propertyNames if then else not unevaluatedItems unevaluatedProperties',
  ),
  list: words('allOf anyOf oneOf prefixItems'),
  named: words('properties patternProperties $defs dependentSchemas'),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** What schemas are made of. */
export interface Vocabulary {
  /** `$id` means that of a whole document; one inside of another schema counts as `$id inside`. */
  readonly keywords: ReadonlySet<string>;
  readonly formats: ReadonlySet<unknown>;
}

/** All keywords and formats of some schemas, with those inside. Names of members and values are none. */
export function vocabularyOf(schemas: readonly unknown[]): Vocabulary {
  const keywords = new Set<string>();
  const formats = new Set<unknown>();
  const collect = (schema: unknown, id: string) => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [keyword, value] of Object.entries(schema)) {
      keywords.add(keyword === '$id' ? id : keyword);
      if (keyword === 'format') formats.add(value);
      for (const inside of schemasIn(keyword, value)) collect(inside, '$id inside');
    }
  };
  for (const schema of schemas) collect(schema, '$id');
  return { keywords, formats };
}

function schemasIn(keyword: string, value: unknown): readonly unknown[] {
  if (HOLDS.one.has(keyword)) return [value];
  const several = HOLDS.list.has(keyword) || HOLDS.named.has(keyword);
  return several ? Object.values(value as object) : [];
}
