import { readFileSync } from 'node:fs';
import type { Ruler } from './layout';
import { printableLines } from './printable';
import type { Style } from './style';

type Font = Style['font'];
/** What pdfkit keeps of the font in use; its types leave it out. */
interface InUse {
  readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

/** DejaVu Sans has every Vietnamese letter; the fonts that come with pdfkit have none of them. */
const FILES: Readonly<Record<Font, string>> = {
  regular: 'DejaVuSans.ttf',
  bold: 'DejaVuSans-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
};
const FONTS = Object.keys(FILES) as Font[];
/** What people write is set in these; a character must be in both. */
const FOR_WORDS: readonly Font[] = ['regular', 'bold'];

let files: Record<Font, Buffer> | undefined;

/** Read once in the life of the process: 1.8 MB. */
function filesOfFonts(): Record<Font, Buffer> {
  const read = (font: Font) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${FILES[font]}`));
  return (files ??= { regular: read('regular'), bold: read('bold'), mono: read('mono') });
}

/** Gives the fonts to a document. Only the glyphs that it uses are put into the file. */
export function registerFonts(doc: PDFKit.PDFDocument): void {
  for (const font of FONTS) doc.registerFont(font, filesOfFonts()[font]);
}

/** Measures with the fonts of a document, each word once. */
export function rulerOf(doc: PDFKit.PDFDocument): Ruler {
  /** Widths at 1,000 points. */
  const widths = new Map<string, number>();
  const known = new Map<number, boolean>();
  const widthOf = (word: string, font: Font) => {
    const key = `${font} ${word}`;
    let width = widths.get(key);
    if (width === undefined) widths.set(key, (width = doc.font(font, 1_000).widthOfString(word)));
    return width;
  };
  const has = (codePoint: number) => {
    let found = known.get(codePoint);
    if (found === undefined) known.set(codePoint, (found = FOR_WORDS.every((font) => glyphIn(doc, font, codePoint))));
    return found;
  };
  return {
    lines: (text) => printableLines(text, has),
    width: (text, { font, size }) => {
      const words = text.split(' ').map((word) => widthOf(word, font));
      const blanks = (words.length - 1) * widthOf(' ', font);
      return ((words.reduce((sum, width) => sum + width, 0) + blanks) * size) / 1_000;
    },
  };
}

const glyphIn = (doc: PDFKit.PDFDocument, font: Font, codePoint: number) =>
  (doc.font(font) as unknown as InUse)._font.font.hasGlyphForCodePoint(codePoint);
