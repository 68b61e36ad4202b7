import { breakLine } from './lines';
import type { Block, Cell, Frame, Table, Text } from './paper';
import { CONTENT_WIDTH, STYLES, type Style } from './style';

/** What the layout asks of the fonts. */
export interface Ruler {
  /** Points. */
  width(text: string, style: Style): number;
  /** The lines of a text with nothing in it that cannot be printed. */
  lines(text: string): string[];
}

/** One printed line. */
export interface Line {
  readonly text: string;
  readonly style: Style;
  /** The paragraph that it is of; lines of one paragraph share it, over pages too. */
  readonly of: Text;
}

/** A column of lines. `x` and `width` in points from the left edge of the content. */
export interface LaidCell {
  readonly x: number;
  readonly width: number;
  readonly lines: readonly Line[];
}

/** What a row is for a screen reader. */
export type Role = 'H1' | 'H2' | 'P' | 'TH' | 'TR' | 'QR';

/** The smallest thing that is set: cells side by side. A row breaks over pages between lines. */
export interface Row {
  readonly role: Role;
  readonly cells: readonly LaidCell[];
  /** Points above the first line and below the last. */
  readonly padding: number;
  /** A thin line below. */
  readonly ruled: boolean;
  /** Not the last on a page: what it announces follows. */
  readonly keep: boolean;
  /** The table that it is of. */
  readonly table?: LaidTable;
  /** A QR code, `side` points wide and high, in the empty first cell. */
  readonly qr?: { readonly holds: string; readonly alt: string; readonly side: number };
  /** Lines to write on, `gap` points apart, below the text. */
  readonly writing?: { readonly lines: number; readonly gap: number };
}

export interface LaidTable {
  /** How many cells of a row, from the left, name it. */
  readonly labels: number;
  /** On top of each page that the table goes on to. */
  readonly again: readonly Row[];
}

const CELL_GAP = 10;
const QR_SIDE = 92;
const WRITING_GAP = 21;
/** Room to write is not broken over pages, so it is lower than one. */
const MOST_WRITING = 20;

export function layOut(blocks: readonly Block[], ruler: Ruler): Row[] {
  return blocks.flatMap((block) => rowsOf(block, ruler));
}

/** Cells of the frame of a page, beside each other. */
export function layOutFrame(cell: Frame['foot'], width: number, ruler: Ruler): LaidCell {
  return cellAt(cell, 0, width, ruler);
}

function rowsOf(block: Block, ruler: Ruler): Row[] {
  switch (block.kind) {
    case 'title':
      return [single('H1', block.cell, ruler, { keep: true, padding: 2 })];
    case 'heading':
      return [headingRow(block.cell, ruler)];
    case 'paragraph':
      return [single('P', block.cell, ruler, {})];
    case 'writing': {
      const writing = { lines: Math.min(block.lines, MOST_WRITING), gap: WRITING_GAP };
      return [{ ...single('P', block.cell, ruler, {}), ...(block.lines > 0 && { writing }) }];
    }
    case 'qr': {
      const x = QR_SIDE + 2 * CELL_GAP;
      const cells = [{ x: 0, width: QR_SIDE, lines: [] }, cellAt(block.beside, x, CONTENT_WIDTH - x, ruler)];
      const { holds, alt } = block;
      return [{ role: 'QR', cells, padding: 4, ruled: false, keep: false, qr: { holds, alt, side: QR_SIDE } }];
    }
    case 'table':
      return tableRows(block, ruler);
  }
}

function tableRows({ columns, heading, continued, head, rows, labels }: Table, ruler: Ruler): Row[] {
  const announced = headingRow(heading, ruler);
  const names: Row = { ...across('TH', head, columns, ruler), padding: 2, keep: true };
  const table = { labels, again: [headingRow(continued, ruler), names] };
  const body = rows.map((cells) => ({ ...across('TR', cells, columns, ruler), table }));
  return [announced, { ...names, table }, ...body];
}

function across(role: Role, cells: readonly Cell[], columns: readonly number[], ruler: Ruler): Row {
  const laid = cells.map((cell, i) => {
    const x = columns.slice(0, i).reduce((sum, share) => sum + share, 0) * CONTENT_WIDTH;
    const last = i === cells.length - 1;
    return cellAt(cell, x, columns[i]! * CONTENT_WIDTH - (last ? 0 : CELL_GAP), ruler);
  });
  return { role, cells: laid, padding: 3, ruled: true, keep: false };
}

const headingRow = (cell: Cell, ruler: Ruler): Row =>
  single('H2', cell, ruler, { padding: 7, keep: true, ruled: true });

function single(role: Role, cell: Cell, ruler: Ruler, changed: Partial<Row>): Row {
  const cells = [cellAt(cell, 0, CONTENT_WIDTH, ruler)];
  return { role, cells, padding: 4, ruled: false, keep: false, ...changed };
}

function cellAt(cell: Cell, x: number, width: number, ruler: Ruler): LaidCell {
  const lines = cell.flatMap((text) => {
    const style = STYLES[text.style];
    const measure = (part: string) => ruler.width(part, style);
    return ruler
      .lines(text.text)
      .flatMap((line) => breakLine(line, width, measure))
      .map((line): Line => ({ text: line, style, of: text }));
  });
  return { x, width, lines };
}
