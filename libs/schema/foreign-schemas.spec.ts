import { validatorOfForeign, vocabularyOfOurs } from '.';

const NONE = new Map();

describe('a schema that is not of the contract', () => {
  it('validates as ours do: formats are checked, inherited members are none, however it is written', () => {
    const validate = validatorOfForeign({ required: ['toString'], unknown: 1 }, NONE);
    expect(validate({ toString: 1 })).toBe(true);
    expect(validate({})).toBe(false);
    const instant = validatorOfForeign({ format: 'date-time' }, NONE);
    expect(instant('2026-11-29T08:30:06Z')).toBe(true);
    expect(instant('2026-11-29T08:30:06+07')).toBe(false);
    expect(validatorOfForeign(false, NONE)(1)).toBe(false);
  });

  it('refers to what lies beside it, and to nothing else', () => {
    const schema = { $ref: 'https://example.org/integer' };
    const validate = validatorOfForeign(schema, new Map([['https://example.org/integer', { type: 'integer' }]]));
    expect([validate(1), validate('1')]).toEqual([true, false]);
    expect(() => validatorOfForeign(schema, NONE)).toThrow(/can't resolve reference/);
  });
});

it('knows what the schemas of the contract are made of', () => {
  const { keywords, formats } = vocabularyOfOurs();
  expect([...keywords].toSorted()).toEqual(
    (
      '$comment $defs $id $ref $schema additionalProperties allOf const description else enum format if items maxItems maxLength ' +
      'maxProperties maximum minItems minLength minProperties minimum pattern properties required then title type uniqueItems'
    ).split(' '),
  );
  expect(formats).toEqual(new Set(['date', 'date-time']));
});
