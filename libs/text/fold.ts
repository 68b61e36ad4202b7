/** Invisible characters (zero-width space, soft hyphen) and apostrophes: a word stays one word with them or without. */
const UNSEEN = /[\p{Cf}'‘’`]/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const MARKS = /\p{M}/gu;
/** đ has no decomposition. Keyboards of other languages write the look-alikes ð and ɖ. */
const BARRED_D = /[đðɖ]/gu;

/**
 * The words of a text in order: runs of letters, digits and marks, in lower case (the same in every locale), in normal form C,
 * with their diacritics. Everything else separates words.
 */
export function searchWords(text: string): string[] {
  const words = text.replaceAll(UNSEEN, '').normalize('NFC').match(WORD) ?? [];
  return words.map((word) => word.toLowerCase().normalize('NFC'));
}

/** One word of `searchWords` without its marks. */
export function foldWord(word: string): string {
  return word.normalize('NFD').replaceAll(MARKS, '').replaceAll(BARRED_D, 'd').normalize('NFC');
}

/**
 * A text as search sees it: lower case, without diacritics (đ becomes d), without punctuation, one space between words.
 * "Đặng Thị Ơn" and "dang  thi on" are the same. Names with other tone marks are other people: rank exact hits first.
 */
export function foldVietnamese(text: string): string {
  return searchWords(text).map(foldWord).join(' ');
}
