import fc from 'fast-check';
import { codePoints, codeUnits, graphemes } from '.';

describe('the three lengths of a text', () => {
  it.each([
    ['', 0, 0, 0],
    ['An', 2, 2, 2],
    ['Nguyễn', 6, 6, 6],
    ['Nguyễn'.normalize('NFD'), 8, 8, 6],
    ['Ơn', 2, 2, 2],
    ['Ơn'.normalize('NFD'), 3, 3, 2],
    ['𠮷', 2, 1, 1],
    ['👩‍👧', 5, 3, 1],
    ['\r\n', 2, 2, 1],
    ['\ud800', 1, 1, 1],
  ])('%j: %d code units, %d code points, %d characters', (text, units, points, characters) => {
    expect(codeUnits(text)).toBe(units);
    expect(codePoints(text)).toBe(points);
    expect(graphemes(text)).toBe(characters);
  });

  it('never grows from units to points to graphemes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(codePoints(text)).toBeLessThanOrEqual(codeUnits(text));
        expect(graphemes(text)).toBeLessThanOrEqual(codePoints(text));
      }),
    );
  });

  it('counts as many graphemes whether a text is composed or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ễộữỵĐđaN '.split('')) }), (text) => {
        expect(graphemes(text.normalize('NFD'))).toBe(graphemes(text));
      }),
    );
  });
});
