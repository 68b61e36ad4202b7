import { compareVietnamese } from './collate';

/** A letter with what cannot be composed into it. */
const LETTER = /\p{L}\p{M}*/u;

const wordsOf = (name: string) =>
  name
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => LETTER.test(word));

/**
 * The initials of a name in the order in which it is written, with diacritics: "Nguyễn Thị Ví Dụ" is N.T.V.D., "đặng ân"
 * Đ.Â. Words without a letter are left out; '' for a name without any. One character of a name that is not written in words
 * (王小明: 王.): initials of such a name hide little.
 */
export function initialsOf(name: string): string {
  return wordsOf(name)
    .map((word) => `${LETTER.exec(word)![0].toUpperCase()}.`)
    .join('');
}

/**
 * What lists sorted by given name compare: the last word (tên), then the name as written. Vietnamese names end with the given
 * name; of other names the last word is the family name, which is why lists offer this order and never begin with it.
 */
export function givenNameKey(name: string): readonly [given: string, whole: string] {
  const words = wordsOf(name);
  return [words.at(-1) ?? '', words.join(' ')];
}

/** Order of two names by given name, in the Vietnamese alphabet. */
export function compareByGivenName(a: string, b: string): number {
  const [first, second] = [givenNameKey(a), givenNameKey(b)];
  return compareVietnamese(first[0], second[0]) || compareVietnamese(first[1], second[1]);
}
