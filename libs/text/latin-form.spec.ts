import fc from 'fast-check';
import { latinForm, latinMatches } from '.';

const word = fc.string({ unit: fc.constantFrom(...'aăâbdđeêhiknoôơtuưyộễữỵĐN'.split('')), minLength: 1, maxLength: 7 });
const fullName = fc.array(word, { minLength: 1, maxLength: 5 });

describe('latinForm', () => {
  it.each([
    ['Nguyễn Thị Hoa', 'NGUYEN THI HOA'],
    ['Đặng Văn Đức'.normalize('NFD'), 'DANG VAN DUC'],
    ['Ðào Ɖức', 'DAO DUC'],
    ["  Seán  O'Brien-Smith ", 'SEAN OBRIEN SMITH'],
    ['O’Neill, Ŋ.', 'ONEILL N'],
    ['Þór Łukasz Æsir Œuvre Øst Groß GROẞ Ħ Ŧ ı', 'THOR LUKASZ AESIR OEUVRE OEST GROSS GROSS H T I'],
    ['ＡＮ', 'AN'],
    ['NGUYEN<<THI<HOA', 'NGUYEN THI HOA'],
    ['Nguyễn Văn 2', 'NGUYEN VAN'],
    ['សុខា 阮文', ''],
    ['', ''],
  ])('%p becomes %p', (name, latin) => {
    expect(latinForm(name)).toBe(latin);
  });

  it('is made of words of A to Z and is its own Latin form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
        const latin = latinForm(name);
        expect(latin).toMatch(/^(?:[A-Z]+(?: [A-Z]+)*)?$/);
        expect(latinForm(latin)).toBe(latin);
      }),
    );
  });
});

describe('latinMatches', () => {
  it.each([
    ['Nguyễn Thị Hoa', 'NGUYEN THI HOA', true],
    ['Nguyễn Thị Hoa', 'Hoa Thi NGUYEN', true],
    ['Nguyễn Thị Hoa', 'NGUYEN<<THI<HOA', true],
    ['Nguyễn Thị Hoa', 'Nguyễn Thị Hoá', true],
    ['Nguyễn Thị Hoa', 'NGUYEN HOA', false],
    ['Nguyễn Hoa', 'NGUYEN THI HOA', false],
    ['Nguyễn Hoa Hoa', 'NGUYEN NGUYEN HOA', false],
    ['Nguyễn Thị Hoa', 'NGUYEN THIHOA', false],
    ['Nguyễn Thị Hoa', '', false],
    ['សុខា', 'SOKHA', false],
    ['សុខា', '', false],
  ])('%p and %p: %p', (full, latin, fits) => {
    expect(latinMatches(full, latin)).toBe(fits);
  });

  it('holds for the words of any Vietnamese name in any order, and for no name with a word more', () => {
    const shuffled = fullName.chain((words) =>
      fc.tuple(fc.constant(words), fc.shuffledSubarray(words, { minLength: words.length })),
    );
    fc.assert(
      fc.property(shuffled, ([words, other]) => {
        expect(latinMatches(words.join(' '), latinForm(other.join(' ')))).toBe(true);
        expect(latinMatches(words.join(' '), latinForm([...other, 'Ánh'].join(' ')))).toBe(false);
      }),
    );
  });
});
