/** Letters that do not decompose, as ICAO Doc 9303-3 section 6 writes them in a machine readable zone. Ɖ is a look-alike of Đ. */
const TRANSLITERATED: ReadonlyMap<string, string> = new Map([
  ['Đ', 'D'],
  ['Ð', 'D'],
  ['Ɖ', 'D'],
  ['Æ', 'AE'],
  ['Œ', 'OE'],
  ['Ø', 'OE'],
  ['Ł', 'L'],
  ['Þ', 'TH'],
  ['Ħ', 'H'],
  ['Ŧ', 'T'],
  ['Ŋ', 'N'],
  ['ẞ', 'SS'],
]);
/** Left out without a gap: marks, invisible characters and apostrophes (O'Brien is OBRIEN). */
const LEFT_OUT = /[\p{M}\p{Cf}'‘’ʼ]/gu;
const NOT_PLAIN = /[^A-Z]/gu;

/**
 * A name as the machine readable zone of a passport writes it: A–Z in words with one space between, without diacritics.
 * Letters of other scripts are left out: the result is empty for a name in Khmer or Chinese. The words keep their order;
 * which of them is the family name is not guessed.
 */
export function latinForm(name: string): string {
  const plain = name.normalize('NFKD').toUpperCase().replaceAll(LEFT_OUT, '');
  return wordsOf(plain.replaceAll(NOT_PLAIN, (letter) => TRANSLITERATED.get(letter) ?? ' ')).join(' ');
}

/**
 * True when `latin` is a Latin form of `full`: the same words, in any order, as passports put the family name first or last.
 * Always false for a name in another script, of which no Latin form can be computed here (`latinForm(full)` is empty).
 */
export function latinMatches(full: string, latin: string): boolean {
  const expected = latinForm(full);
  return expected !== '' && sorted(expected) === sorted(latinForm(latin));
}

const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '');
const sorted = (name: string) => name.split(' ').toSorted().join(' ');
