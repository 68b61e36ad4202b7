/** The width of a text in points. */
export type Measure = (text: string) => number;

const SEGMENTER = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/**
 * Breaks one line of text (no line ends in it, one space between words) into lines that are not wider than `width`: between
 * words, and inside a word that is wider than a line, between characters as people see them. The lines in a row are the text:
 * where words are parted the line keeps its space, or screen readers and whoever copies would read them as one word. That
 * space may stand out over the width.
 */
export function breakLine(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(`${line} `);
    const pieces = breakWord(word, width, measure);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1)!;
  }
  return [...lines, line];
}

/** At least one character a line, however narrow. */
function breakWord(word: string, width: number, measure: Measure): string[] {
  if (measure(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of SEGMENTER.segment(word)) {
    if (piece !== '' && measure(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
