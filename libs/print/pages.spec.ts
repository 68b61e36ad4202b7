import fc from 'fast-check';
import { layOut, type Ruler } from './layout';
import { paginate } from './pages';
import type { Block, Text } from './paper';

/** Every character is 5 points wide. */
const ruler: Ruler = { lines: (text) => text.split('\n'), width: (text) => text.length * 5 };
const text = (words: string, style: Text['style'] = 'value'): Text => ({ text: words, style });
const table = (rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  columns: [0.3, 0.7],
  labels: 1,
  heading: [text('Heading', 'heading')],
  continued: [text('Again', 'heading')],
  head: [[text('Item', 'column')], [text('Content', 'column')]],
  rows: rows.map((cells) => cells.map((cell) => [text(cell)])),
});
const HEIGHT = 400;
const pagesOf = (blocks: readonly Block[], height = HEIGHT) => paginate(layOut(blocks, ruler), height);
const words = fc.stringMatching(/^[a-z ]{0,900}$/u);
const blocks = fc.array(
  fc.oneof(
    words.map((words): Block => ({ kind: 'paragraph', cell: [text(words)] })),
    words.map((words): Block => ({ kind: 'heading', cell: [text(words.slice(0, 60), 'heading')] })),
    fc
      .record({ cell: words.map((words) => [text(words)]), lines: fc.integer({ min: 0, max: 12 }) })
      .map((question): Block => ({ kind: 'writing', ...question })),
    fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 12 }).map(table),
    fc.constant<Block>({ kind: 'qr', holds: 'x', alt: 'x', beside: [text('x')] }),
  ),
  { maxLength: 12 },
);

describe('paginate', () => {
  it('puts every line of every row on some page, once and in order, and nothing over the edge', () => {
    fc.assert(
      fc.property(blocks, (list) => {
        const rows = layOut(list, ruler);
        const pages = paginate(rows, HEIGHT);
        const pieces = pages.flat().filter(({ again }) => !again);
        for (const row of rows) {
          const parts = pieces.filter((piece) => piece.row === row);
          row.cells.forEach((cell, i) => expect(parts.flatMap(({ cells }) => cells[i]!.lines)).toEqual(cell.lines));
          expect(parts.map(({ ends }) => ends)).toEqual(parts.map((_, i) => i === parts.length - 1));
        }
        expect([...new Set(pieces.map(({ row }) => row))]).toEqual(rows);
        for (const page of pages) {
          for (const [i, { y, height }] of page.entries()) {
            expect(y + height).toBeLessThanOrEqual(HEIGHT + 1e-6);
            expect(y).toBeCloseTo(i === 0 ? 0 : page[i - 1]!.y + page[i - 1]!.height, 6);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never ends a page with a heading while something follows', () => {
    fc.assert(
      fc.property(blocks, (list) => {
        const rows = layOut([...list, { kind: 'paragraph', cell: [text('the end')] }], ruler);
        for (const page of paginate(rows, HEIGHT)) expect(page.at(-1)?.row.keep ?? false).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('says the heading of a table and its columns again on each page that it goes on to', () => {
    const pages = pagesOf([table(Array.from({ length: 40 }, (_, i) => [`row ${i}`, 'x']))]);
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages.slice(1)) {
      const again = page.filter((piece) => piece.again).map(({ row }) => row.cells[0]!.lines[0]!.text);
      expect(again).toEqual(['Again', 'Item']);
    }
    expect(pages[0]!.some(({ again }) => again)).toBe(false);
  });

  it('moves a low row to the next page as a whole, and breaks a high one', () => {
    const filler = (lines: number) => text(Array.from({ length: lines }, () => 'x').join('\n'));
    const low = pagesOf([
      { kind: 'paragraph', cell: [filler(26)] },
      { kind: 'paragraph', cell: [filler(5)] },
    ]);
    expect(low.map((page) => page.length)).toEqual([1, 1]);
    const high = pagesOf([
      { kind: 'paragraph', cell: [filler(18)] },
      { kind: 'paragraph', cell: [filler(30)] },
    ]);
    expect(high.map((page) => page.length)).toEqual([2, 1]);
  });

  it('keeps a question and the room for its answer together, and the room lower than a page', () => {
    const pages = pagesOf(
      Array.from({ length: 5 }, () => ({ kind: 'writing' as const, cell: [text('Question?')], lines: 8 })),
    );
    expect(pages.every((page) => page.every(({ ends }) => ends))).toBe(true);
    const [row] = layOut([{ kind: 'writing', cell: [text('Question?')], lines: 1_000 }], ruler);
    expect(row!.writing!.lines * row!.writing!.gap).toBeLessThan(500);
  });

  it('makes one empty page of nothing', () => {
    expect(paginate([], HEIGHT)).toEqual([[]]);
  });

  it('puts at least one line on a page that is lower than a line', () => {
    expect(pagesOf([{ kind: 'paragraph', cell: [text('a\nb\nc')] }], 10).length).toBeGreaterThan(2);
  });
});
