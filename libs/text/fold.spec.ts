import fc from 'fast-check';
import { foldVietnamese, searchWords } from '.';

/** Each letter of the Vietnamese alphabet that carries a mark, with each tone. */
const VOWELS = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
const LETTERS = VOWELS.flatMap((vowel) => TONES.map((tone) => (vowel + tone).normalize('NFC')));

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const vietnamese = fc.string({ unit: fc.constantFrom(...LETTERS, 'đ', 'Đ', 'n', 'T', ' ', '-', '.'), maxLength: 30 });

describe('foldVietnamese', () => {
  it.each([
    ['Đặng Thị Ơn', 'dang thi on'],
    ['đường Đội Cấn', 'duong doi can'],
    ['NGUYỄN  VĂN\tA', 'nguyen van a'],
    ['Trần-Văn, (Bình).', 'tran van binh'],
    ["O'Brien O’Brien", 'obrien obrien'],
    ['Ngu\u200byễn so\u00adft', 'nguyen soft'],
    ['Ðào Ɖào', 'dao dao'],
    ['VN-2026/0117', 'vn 2026 0117'],
    ['İstanbul I', 'istanbul i'],
    ['ΑΣ ΑΣΑ', 'ας ασα'],
    ['\u0301 ! …', ''],
    ['', ''],
    ['한국', '한국'],
  ])('%p becomes %p', (text, folded) => {
    expect(foldVietnamese(text)).toBe(folded);
  });

  it('leaves only a to z of every Vietnamese letter, composed or not, small or capital', () => {
    for (const letter of LETTERS) {
      for (const written of [letter, letter.toUpperCase(), letter.normalize('NFD')]) {
        expect(foldVietnamese(written)).toMatch(/^[aeiouy]$/);
      }
    }
  });

  it('does not look at how Vietnamese text is composed or capitalised', () => {
    fc.assert(
      fc.property(vietnamese, (text) => {
        const folded = foldVietnamese(text);
        expect(folded).toMatch(/^[a-z ]*$/);
        expect(foldVietnamese(text.normalize('NFD'))).toBe(folded);
        expect(foldVietnamese(text.toUpperCase())).toBe(folded);
        expect(foldVietnamese(`  ${text}.`)).toBe(folded);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldVietnamese(text);
        expect(foldVietnamese(folded)).toBe(folded);
      }),
    );
  });
});

describe('searchWords', () => {
  it('keeps diacritics and order, in lower case and normal form C', () => {
    expect(searchWords('Đặng Thị ƠN, 30 tuổi'.normalize('NFD'))).toEqual(['đặng', 'thị', 'ơn', '30', 'tuổi']);
    expect(searchWords(' …— ')).toEqual([]);
  });

  it('gives words, each of which is the one word of itself', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const word of searchWords(text)) {
          expect(searchWords(word)).toEqual([word]);
          expect(word).toBe(word.normalize('NFC'));
          expect(foldVietnamese(word)).not.toBe('');
        }
      }),
    );
  });

  it('finds the words of two texts in their concatenation', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(searchWords(`${a} ${b}`)).toEqual([...searchWords(a), ...searchWords(b)]);
      }),
    );
  });
});
