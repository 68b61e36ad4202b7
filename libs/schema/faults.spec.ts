import type { ErrorObject } from 'ajv/dist/2020';
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
    expect(faultsOf([error('multipleOf')])).toEqual([{ pointer: '/place', rule: 'does not follow the schema' }]);
  });

  it('escapes the name of an unknown field', () => {
    expect(faultsOf([error('additionalProperties', { additionalProperty: 'a/b' })])).toEqual([
      { pointer: '/place/a~1b', rule: 'is not a known field' },
    ]);
  });
});
