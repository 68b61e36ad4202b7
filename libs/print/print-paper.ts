import { setImmediate } from 'node:timers/promises';
import { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { drawPage } from './draw';
import { registerFonts, rulerOf } from './fonts';
import { drawFrame, frameOf } from './frame';
import { layOut, type Row } from './layout';
import { paginate } from './pages';
import type { Paper } from './paper';
import { PAGE } from './style';
import { Tags } from './tags';

/**
 * Prints a paper as a tagged PDF, page by page: A4, DejaVu Sans, no script, no properties but fixed words and `madeAt`. The same
 * paper gives the same bytes. The result does not hold more than one page drawn and not yet read; other work of the process
 * goes on between pages.
 */
export async function printPaper(paper: Paper): Promise<Readable> {
  const doc = newDocument(paper);
  const ruler = rulerOf(doc);
  const rows: Row[] = [];
  for (const block of paper.blocks) {
    rows.push(...layOut([block], ruler));
    await setImmediate();
  }
  const frame = frameOf(paper.frame, ruler);
  const pages = paginate(rows, frame.height);
  async function* chunks(): AsyncGenerator<Buffer> {
    const tags = new Tags(doc);
    for (const [i, page] of pages.entries()) {
      doc.addPage();
      drawFrame(doc, frame, { page: i + 1, of: pages.length }, ruler, tags);
      drawPage(doc, page, frame.top, tags);
      yield* written(doc);
      await setImmediate();
    }
    doc.end();
    yield* written(doc);
  }
  return Readable.from(chunks(), { objectMode: false });
}

function newDocument({ title, lang, madeAt }: Paper): PDFKit.PDFDocument {
  const { side, top, bottom } = PAGE;
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top, bottom, left: side, right: side },
    autoFirstPage: false,
    // '' keeps pdfkit from loading its own default font, which would be in every file and has no Vietnamese.
    font: '',
    pdfVersion: '1.7',
    tagged: true,
    lang,
    displayTitle: true,
    info: { Title: title, Producer: 'Trao', Creator: 'Trao', CreationDate: madeAt },
  });
  registerFonts(doc);
  return doc;
}

/** What the document has written and nobody has taken yet. */
function* written(doc: PDFKit.PDFDocument): Generator<Buffer> {
  for (let chunk = doc.read() as Buffer | null; chunk !== null; chunk = doc.read() as Buffer | null) yield chunk;
}
