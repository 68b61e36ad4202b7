import type { ErrorObject } from 'ajv/dist/2020';
import { faultAt } from '../errors';
import { faultsOf } from './faults';

const error = (keyword: string, params: Record<string, unknown> = {}): ErrorObject => ({
  keyword,
  params,
  instancePath: '/place',
  schemaPath: `#/${keyword}`,
});

describe('faultsOf', () => {
  it('drops errors that only say that a part failed', () => {
    expect(faultsOf([error('if'), error('allOf')])).toEqual([]);
  });

  it('has words for a keyword that it does not know', () => {
    expect(faultsOf([error('multipleOf')])).toEqual([faultAt('/place', 'against_schema')]);
  });

  it('says types and formats in both languages', () => {
    expect(faultsOf([error('type', { type: 'array' })])).toMatchObject([
      { code: 'wrong_type', rule: 'must be a list', ruleVi: 'phải là một danh sách' },
    ]);
    expect(faultsOf([error('format', { format: 'date-time' })])).toMatchObject([
      { code: 'wrong_format', rule: 'must be a valid date-time', ruleVi: 'phải là thời điểm hợp lệ' },
    ]);
  });

  it('names the reason: a purpose before any other condition', () => {
    const at = (schemaPath: string) => faultsOf([{ ...error('const'), schemaPath }])[0]?.code;
    expect(at('#/properties/a/const')).toBe('not_the_value');
    expect(at('#/allOf/0/then/properties/a/const')).toBe('not_the_value_in_case');
    expect(at('#/allOf/0/else/properties/a/const')).toBe('not_the_value_in_case');
    expect(at('forbidden.schema.json#/$defs/FOLLOW/properties/a/const')).toBe('not_the_value_for_purpose');
    expect(at('#/$defs/RETURN/allOf/0/then/properties/a/const')).toBe('not_the_value_for_purpose');
  });

  it('escapes the name of an unknown field', () => {
    expect(faultsOf([error('additionalProperties', { additionalProperty: 'a/b' })])).toEqual([
      faultAt('/place/a~1b', 'unknown_field'),
    ]);
  });
});
