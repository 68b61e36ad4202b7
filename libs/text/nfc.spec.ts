import fc from 'fast-check';
import { toNfc } from '.';

const decomposed = 'Nguyê\u0303n'.normalize('NFD');

describe('toNfc', () => {
  it('composes every string, also names of members and members of members', () => {
    const value = { [decomposed]: [decomposed, { deep: [[decomposed]] }], n: 1, b: false, none: null, gone: undefined };
    expect(toNfc(value)).toEqual({
      Nguyễn: ['Nguyễn', { deep: [['Nguyễn']] }],
      n: 1,
      b: false,
      none: null,
      gone: undefined,
    });
    expect(toNfc(decomposed)).toBe('Nguyễn');
    expect(decomposed).toHaveLength(8);
  });

  it.each([[7], [true], [null], [undefined], ['plain'], [1n]])('returns %p as it is', (value) => {
    expect(toNfc(value)).toBe(value);
  });

  it('leaves a lone surrogate for the validator', () => {
    expect(toNfc(['\ud800', 'a\udc00'])).toEqual(['\ud800', 'a\udc00']);
  });

  it('does not touch what it was given', () => {
    const value = Object.freeze({ name: decomposed, list: Object.freeze([decomposed]) });
    expect(toNfc(value)).toEqual({ name: 'Nguyễn', list: ['Nguyễn'] });
    expect(value.name).toBe(decomposed);
  });

  it('keeps the later of two members whose names become the same', () => {
    expect(toNfc({ Nguyễn: 1, [decomposed]: 2 })).toEqual({ Nguyễn: 2 });
  });

  it('makes a member of the name __proto__, not a prototype', () => {
    const result = toNfc(JSON.parse('{"__proto__":{"a":1}}')) as object;
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('gives any JSON value a form that no second time changes, and that normal text already has', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const once = toNfc(value);
        expect(toNfc(once)).toEqual(once);
        expect(JSON.stringify(once)).toBe(JSON.stringify(once).normalize('NFC'));
      }),
    );
  });
});
