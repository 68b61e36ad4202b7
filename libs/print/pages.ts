import type { LaidCell, Row } from './layout';

/** A row or a part of one on a page. `y` in points from the top of the content. */
export interface Piece {
  readonly row: Row;
  readonly y: number;
  readonly height: number;
  /** The part of each cell that stands here. */
  readonly cells: readonly LaidCell[];
  /** The row ends here, with its ruled line and its room to write. */
  readonly ends: boolean;
  /** Said before: the heading of a table on its further pages. */
  readonly again: boolean;
}

export type Page = readonly Piece[];

/** A row higher than this share of a page may be broken; a lower one goes to the next page as a whole. */
const BREAKABLE = 0.35;
/** Points that must be left on a page before a row is broken there. */
const WORTH_STARTING = 60;

const heightOf = (lines: LaidCell['lines']) => lines.reduce((sum, { style }) => sum + style.leading, 0);

/** The height of a whole row in points. */
function rowHeight({ cells, padding, qr, writing }: Row): number {
  const text = Math.max(0, ...cells.map(({ lines }) => heightOf(lines)));
  return Math.max(text, qr?.side ?? 0) + 2 * padding + (writing ? writing.lines * writing.gap : 0);
}

/**
 * Fills pages of `height` points with rows. Headings stay with what follows; what a table goes on with stands below its
 * heading again; every line of every row is on some page, and in order.
 */
export function paginate(rows: readonly Row[], height: number): Page[] {
  const pages: Piece[][] = [[]];
  let y = 0;
  const put = (piece: Omit<Piece, 'y'>) => {
    pages.at(-1)!.push({ ...piece, y });
    y += piece.height;
  };
  const turn = (next: Row) => {
    pages.push([]);
    y = 0;
    if (next.role !== 'TR') return;
    for (const row of next.table?.again ?? [])
      put({ row, height: rowHeight(row), cells: row.cells, ends: true, again: true });
  };
  rows.forEach((row, i) => {
    let cells = row.cells;
    if (y + needed(rows, i, height) > height && pages.at(-1)!.some(({ again }) => !again)) turn(row);
    for (;;) {
      const rest = { ...row, cells };
      const whole = rowHeight(rest);
      const room = height - y;
      // Room to write and codes are not broken: they are lower than a page.
      if (whole <= room) return put({ row, height: whole, cells, ends: true, again: false });
      const [here, there] = broken(cells, room - 2 * row.padding);
      const taken = Math.max(...here.map(({ lines }) => heightOf(lines))) + 2 * row.padding;
      put({ row, height: taken, cells: here, ends: false, again: false });
      cells = there;
      turn(row);
    }
  });
  return pages;
}

/** What must fit where row `i` begins: all of a low row, the first lines of a high one, and with a heading what it announces. */
function needed(rows: readonly Row[], i: number, height: number): number {
  const row = rows[i]!;
  const whole = rowHeight(row);
  const own = row.writing || row.qr || whole <= BREAKABLE * height ? whole : WORTH_STARTING;
  return row.keep && i + 1 < rows.length ? own + needed(rows, i + 1, height) : own;
}

/** The lines of each cell that fit into `room`, at least one in some cell, and the rest. */
function broken(cells: readonly LaidCell[], room: number): [LaidCell[], LaidCell[]] {
  const counts = cells.map(({ lines }) => fitting(lines, room));
  if (!counts.some((count) => count > 0)) counts.fill(1);
  return [
    cells.map((cell, i) => ({ ...cell, lines: cell.lines.slice(0, counts[i]) })),
    cells.map((cell, i) => ({ ...cell, lines: cell.lines.slice(counts[i]) })),
  ];
}

function fitting(lines: LaidCell['lines'], room: number): number {
  let used = 0;
  const over = lines.findIndex(({ style }) => (used += style.leading) > room);
  return over === -1 ? lines.length : over;
}
