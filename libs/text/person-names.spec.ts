import fc from 'fast-check';
import { compareByGivenName, givenNameKey, initialsOf } from '.';

describe('initialsOf', () => {
  it('keeps order and diacritics', () => {
    expect(initialsOf('Nguyễn Thị Ví Dụ')).toBe('N.T.V.D.');
    expect(initialsOf(' đặng  ân ')).toBe('Đ.Â.');
    expect(initialsOf('Ơn'.normalize('NFD'))).toBe('Ơ.');
    expect(initialsOf('ộ́ch')).toBe('Ộ́.');
  });

  it('leaves out what is no letter', () => {
    expect(initialsOf('“Bé” (Lan) 2')).toBe('B.L.');
    expect(initialsOf('Anne-Marie O’Brien')).toBe('A.O.');
    expect(initialsOf('王小明')).toBe('王.');
    expect(initialsOf(' – 12 ')).toBe('');
  });

  it('says nothing of a name but its first letters', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-zĐđÂâƠơỄễ]{1,8}$/u), { maxLength: 6 }), (words) => {
        expect(initialsOf(words.join(' '))).toBe(
          words.map((word) => `${word.normalize('NFC')[0]!.toUpperCase()}.`).join(''),
        );
      }),
    );
  });
});

describe('compareByGivenName', () => {
  const sorted = (names: string[]) => names.toSorted(compareByGivenName);

  it('sorts by the last word, then by the whole name', () => {
    expect(sorted(['Trần An', 'Nguyễn Thị Ơn', 'Bùi Oanh', 'Lê Đào', 'Võ Dung', 'Bùi An'])).toEqual([
      'Bùi An',
      'Trần An',
      'Võ Dung',
      'Lê Đào',
      'Bùi Oanh',
      'Nguyễn Thị Ơn',
    ]);
  });

  it('lets the tone of the given name decide before the family name', () => {
    expect(sorted(['Bùi Hà', 'Trần Ha'])).toEqual(['Trần Ha', 'Bùi Hà']);
  });

  it('puts a name without letters first', () => {
    expect(givenNameKey('?')).toEqual(['', '']);
    expect(givenNameKey('Nguyễn  Thị Ví Dụ')).toEqual(['Dụ', 'Nguyễn Thị Ví Dụ']);
    expect(sorted(['An', '?'])).toEqual(['?', 'An']);
  });
});
