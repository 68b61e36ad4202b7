import fc from 'fast-check';
import { breakLine } from './lines';
import { printableLines } from './printable';

const measure = (text: string) => Array.from(text.trimEnd()).length;
const latin = (codePoint: number) => codePoint < 0x2000;

describe('breakLine', () => {
  it('breaks between words', () => {
    expect(breakLine('Nguyễn Thị Ví Dụ', 10, measure)).toEqual(['Nguyễn Thị ', 'Ví Dụ']);
    expect(breakLine('', 10, measure)).toEqual(['']);
  });

  it('breaks a word that is wider than a line', () => {
    expect(breakLine('a bcdefgh ij', 3, measure)).toEqual(['a ', 'bcd', 'efg', 'h ', 'ij']);
    expect(breakLine('xyz', 0, measure)).toEqual(['x', 'y', 'z']);
  });

  it('does not part a letter from its marks', () => {
    const stacked = 'ộ́'.normalize('NFD').repeat(3);
    expect(breakLine(stacked, 1, measure).map((line) => line.normalize('NFC'))).toEqual(
      Array.from({ length: 3 }, () => 'ộ́'.normalize('NFC')),
    );
  });

  it('loses nothing and keeps to the width, whatever the text', () => {
    const words = fc.array(fc.stringMatching(/^[aăâđêôơưỵ]{1,30}$/u), { maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const text = list.join(' ');
        const lines = breakLine(text, width, measure);
        expect(lines.join('')).toBe(text);
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('printableLines', () => {
  it('keeps the lines of the text and one space between words', () => {
    expect(printableLines(' a\t b \r\n\nc\u2028d', latin)).toEqual(['a b', '', 'c', 'd']);
  });

  it('composes letters', () => {
    expect(printableLines('ễ'.normalize('NFD'), latin)).toEqual(['ễ']);
  });

  it('leaves out what nobody sees, also what would turn text round', () => {
    expect(printableLines('a\u202Eb\u200Bc\u0000d\uFEFF\uD800', () => true)).toEqual(['abcd']);
  });

  it('writes the number of a character that the font lacks', () => {
    expect(printableLines('王 a 😀', latin)).toEqual(['[U+738B] a [U+1F600]']);
  });
});
