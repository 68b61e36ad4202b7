/**
 * Three lengths of one text. "ễ" is one character to the person who types it; composed it is one code point and one code unit,
 * decomposed (e, circumflex, tilde) three of each. "𠮷" is one code point and two code units.
 *
 * Limits of the schemas (`maxLength`, `minLength`) count code points, as JSON Schema says, of the text in normal form C.
 * People count graphemes; their number is never above that of the code points, so a text of 3,000 graphemes can be too
 * long for a limit of 3,000. Offsets of findings are code units, as in every JavaScript string.
 */
const SEGMENTER = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** UTF-16 code units: `text.length`, and what offsets count. */
export function codeUnits(text: string): number {
  return text.length;
}

/** Unicode code points: what the limits of the schemas count. A lone surrogate is one. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _point of text) count += 1;
  return count;
}

/** Characters as people count them (extended grapheme clusters, UAX 29). */
export function graphemes(text: string): number {
  let count = 0;
  for (const _segment of SEGMENTER.segment(text)) count += 1;
  return count;
}
