import type { LaidCell, Line } from './layout';
import type { Page, Piece } from './pages';
import { qrRuns } from './qr';
import { CONTENT_WIDTH, PAGE } from './style';
import type { Tags } from './tags';

type Doc = PDFKit.PDFDocument;

const RULE = '#999999';
/** How far below the top of its line the base line of a text is, as a share of the leading: the marks above have the room. */
const BASE = 0.76;

/** Draws the content of a page from `top` (points) down. */
export function drawPage(doc: Doc, page: Page, top: number, tags: Tags): void {
  for (const piece of page) {
    if (piece.again) tags.artifact('Pagination', () => drawAgain(doc, piece, top));
    else drawPiece(doc, piece, top, tags);
  }
}

/** Draws the lines of a cell. Coordinates of the page, in points. */
export function drawLines(doc: Doc, { x, lines }: LaidCell, left: number, top: number, width?: number): void {
  let y = top;
  for (const line of lines) {
    const shift = width === undefined ? 0 : width - widthOf(doc, line);
    drawLine(doc, line, left + x + shift, y);
    y += line.style.leading;
  }
}

function drawLine(doc: Doc, { text, style: { font, size, leading, colour } }: Line, x: number, y: number): void {
  if (text === '') return;
  doc.font(font, size).fillColor(colour);
  doc.text(text, x, y + leading * BASE, { lineBreak: false, baseline: 'alphabetic' });
}

const widthOf = (doc: Doc, { text, style }: Line) => doc.font(style.font, style.size).widthOfString(text);

function drawAgain(doc: Doc, { row, y, height, cells }: Piece, top: number): void {
  for (const cell of cells) drawLines(doc, cell, PAGE.side, top + y + row.padding);
  if (row.ruled) rule(doc, top + y + height);
}

function drawPiece(doc: Doc, { row, y, height, cells, ends }: Piece, top: number, tags: Tags): void {
  const start = top + y + row.padding;
  const { qr, writing } = row;
  if (qr) tags.figure(row, qr.alt, () => drawQr(doc, qr.holds, qr.side, start));
  cells.forEach((cell, i) => {
    let at = start;
    for (const lines of paragraphs(cell.lines)) {
      tags.paragraph(row, i, lines[0]!.of, () => drawLines(doc, { ...cell, lines }, PAGE.side, at));
      at += lines.reduce((sum, { style }) => sum + style.leading, 0);
    }
  });
  if (!ends) return;
  const bottom = top + y + height;
  tags.artifact('Layout', () => {
    if (row.ruled) rule(doc, bottom);
    for (let i = 0; writing && i < writing.lines; i += 1) rule(doc, bottom - row.padding - i * writing.gap);
  });
}

/** Lines that follow each other and are of one paragraph. */
function paragraphs(lines: readonly Line[]): Line[][] {
  const found: Line[][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.[0]!.of === line.of) last.push(line);
    else found.push([line]);
  }
  return found;
}

function rule(doc: Doc, y: number): void {
  doc
    .lineWidth(0.4)
    .moveTo(PAGE.side, y)
    .lineTo(PAGE.side + CONTENT_WIDTH, y)
    .stroke(RULE);
}

/** White below, so that the watermark does not disturb the camera. */
function drawQr(doc: Doc, holds: string, side: number, top: number): void {
  const { size, runs } = qrRuns(holds);
  const quiet = 4;
  const unit = side / (size + 2 * quiet);
  doc.rect(PAGE.side, top, side, side).fill('#ffffff');
  for (const { x, y, length } of runs)
    doc.rect(PAGE.side + (x + quiet) * unit, top + (y + quiet) * unit, length * unit, unit);
  doc.fill('#000000');
}
