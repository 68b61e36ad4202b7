import fc from 'fast-check';
import { compareVietnamese, sortNames } from '.';

const ORDERED = ['Dương', 'Đặng', 'Lê An', 'Lê Ánh', 'Lê Ăn', 'Lê Ân', 'Oanh', 'Ơn', 'Trần'];
const name = fc.stringMatching(/^[ aăâdđeêioôơuưyÁẠĐÊ]{0,12}$/);

describe('sortNames', () => {
  it('sorts by the Vietnamese alphabet', () => {
    expect(new Intl.Collator('vi').resolvedOptions().locale).toBe('vi');
    expect(sortNames(ORDERED.toReversed())).toEqual(ORDERED);
    // What sorting by code points would do.
    expect(ORDERED.toSorted()).not.toEqual(ORDERED);
  });

  it('lets letters decide before tone marks, and the first word before the last', () => {
    expect(sortNames(['Hoà', 'Hoa', 'Hoan', 'Hóa'])).toEqual(['Hoa', 'Hoà', 'Hóa', 'Hoan']);
    expect(sortNames(['Trần An', 'Bùi Yến', 'An Trần'])).toEqual(['An Trần', 'Bùi Yến', 'Trần An']);
  });

  it('keeps the order of names that are the same, and the list it was given', () => {
    const list = ['Ơn'.normalize('NFD'), 'Ơn', 'An'];
    expect(sortNames(list)).toEqual(['An', 'Ơn'.normalize('NFD'), 'Ơn']);
    expect(list[2]).toBe('An');
  });

  it('is one order: of any three names', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        // `+ 0`: no negative zero
        expect(Math.sign(compareVietnamese(a, b)) + 0).toBe(-Math.sign(compareVietnamese(b, a)) + 0);
        expect(compareVietnamese(a, a.normalize('NFD'))).toBe(0);
        const [x, y, z] = sortNames([a, b, c]) as [string, string, string];
        expect(compareVietnamese(x, y)).toBeLessThanOrEqual(0);
        expect(compareVietnamese(y, z)).toBeLessThanOrEqual(0);
        expect(compareVietnamese(x, z)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
