import { vocabularyOf } from './keywords';

const words = (schema: unknown) => [...vocabularyOf([schema]).keywords].toSorted();

describe('the vocabulary of schemas', () => {
  it('has the keywords of a schema, and of those that its keywords hold', () => {
    const schema = {
      $id: 'https://example.org/a',
      properties: { minimum: { type: 'string' }, list: { items: { maxLength: 1 } } },
      allOf: [{ if: { const: { pattern: 'x' } }, else: true }],
      $defs: { x: { additionalProperties: { enum: ['not'] } } },
    };
    expect(words(schema)).toEqual(
      '$defs $id additionalProperties allOf const else enum if items maxLength properties type'.split(' '),
    );
  });

  it('tells an id inside from that of the document', () => {
    expect(words({ items: { $id: 'https://example.org/b' } })).toEqual(['$id inside', 'items']);
  });

  it('takes true and false for schemas without keywords', () => {
    expect(words(true)).toEqual([]);
    expect(words(null)).toEqual([]);
    expect(words({ items: false })).toEqual(['items']);
  });

  it('has the formats, and is one for several schemas', () => {
    const { keywords, formats } = vocabularyOf([{ format: 'date' }, { items: { format: 'uri' } }]);
    expect([...keywords]).toEqual(['format', 'items']);
    expect([...formats]).toEqual(['date', 'uri']);
  });

  it.each(['oneOf', 'anyOf', 'prefixItems', 'allOf'])('looks into the list of %s', (keyword) => {
    expect(words({ [keyword]: [{ minimum: 1 }] })).toContain('minimum');
  });

  it.each(['patternProperties', 'dependentSchemas'])('looks into each schema of %s', (keyword) => {
    expect(words({ [keyword]: { maximum: { minimum: 1 } } })).toEqual([keyword, 'minimum'].toSorted());
  });
});
