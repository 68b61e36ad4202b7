import { drawLines } from './draw';
import { layOutFrame, type LaidCell, type Ruler } from './layout';
import type { Frame } from './paper';
import { CONTENT_WIDTH, PAGE } from './style';
import type { Tags } from './tags';

/** The frame of every page, laid out. Points from the top of the page. */
export interface LaidFrame {
  readonly frame: Frame;
  readonly handling: LaidCell;
  readonly foot: LaidCell;
  /** Where the content begins, and how high it may be. */
  readonly top: number;
  readonly height: number;
}

const PADDING = 5;
const GAP = 12;
/** Share of the width for what stands left below; the number of the page has the rest. */
const FOOT_SHARE = 0.76;
const WATERMARK = { size: 17, colour: '#e2e2e2', angle: -32, across: 300, down: 120 } as const;

const heightOf = ({ lines }: LaidCell) => lines.reduce((sum, { style }) => sum + style.leading, 0);

export function frameOf(frame: Frame, ruler: Ruler): LaidFrame {
  const handling = layOutFrame(frame.handling, CONTENT_WIDTH - 2 * PADDING, ruler);
  const foot = layOutFrame(frame.foot, CONTENT_WIDTH * FOOT_SHARE, ruler);
  const top = PAGE.top + heightOf(handling) + 2 * PADDING + GAP;
  return { frame, handling, foot, top, height: PAGE.height - PAGE.bottom - heightOf(foot) - GAP - top };
}

/** Draws what stands on every page; the watermark first, so that everything else lies on it. */
export function drawFrame(
  doc: PDFKit.PDFDocument,
  { frame, handling, foot }: LaidFrame,
  { page, of }: { readonly page: number; readonly of: number },
  ruler: Ruler,
  tags: Tags,
): void {
  tags.artifact('Pagination', () => {
    if (frame.watermark !== '') drawWatermark(doc, ruler.lines(frame.watermark).join(' '));
    const height = heightOf(handling) + 2 * PADDING;
    doc.lineWidth(1).rect(PAGE.side, PAGE.top, CONTENT_WIDTH, height).stroke('#000000');
    drawLines(doc, handling, PAGE.side + PADDING, PAGE.top + PADDING);
    const bottom = PAGE.height - PAGE.bottom - heightOf(foot);
    drawLines(doc, foot, PAGE.side, bottom);
    const numbers = layOutFrame(frame.pages(page, of), CONTENT_WIDTH * (1 - FOOT_SHARE), ruler);
    drawLines(doc, numbers, PAGE.side, bottom, CONTENT_WIDTH);
  });
}

/** Again and again across the page: a photograph of a part of it still says whose copy it was. */
function drawWatermark(doc: PDFKit.PDFDocument, text: string): void {
  const { size, colour, angle, across, down } = WATERMARK;
  doc.save().font('bold', size).fillColor(colour);
  doc.rotate(angle, { origin: [PAGE.width / 2, PAGE.height / 2] });
  const step = Math.max(across, doc.widthOfString(text) + 40);
  let row = 0;
  for (let y = -PAGE.height * 0.2; y < PAGE.height * 1.2; y += down, row += 1) {
    const first = PAGE.width / 2 - step * (row % 2 === 0 ? 1.5 : 1);
    for (let x = first; x < PAGE.width * 1.4; x += step)
      doc.text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
  }
  doc.restore();
}
