/** Control and format characters: nothing to see, and some could turn round what stands beside them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const BLANK = /[\t\p{Zs}]+/gu;
const LINE_END = /\r\n|[\n\r\u0085\u2028\u2029]/u;

/**
 * The lines of a text as a font can print them: in normal form C, without invisible characters, one space between words.
 * A character that the font lacks (Khmer, Chinese) becomes its number, as in [U+738B]: an empty box would say that something
 * is missing, but not what, and two names would look the same.
 * @param has whether the font has a glyph for a code point
 */
export function printableLines(text: string, has: (codePoint: number) => boolean): string[] {
  return text
    .normalize('NFC')
    .split(LINE_END)
    .map((line) =>
      Array.from(line.replaceAll(BLANK, ' ').replaceAll(UNSEEN, ''), (character) => {
        const codePoint = character.codePointAt(0)!;
        return has(codePoint) ? character : numberOf(codePoint);
      })
        .join('')
        .trim(),
    );
}

const numberOf = (codePoint: number) => `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
