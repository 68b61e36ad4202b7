import { scaleLinear } from 'd3-scale';
import { element, text } from './markup';

/** One row of values, a value for each label; null where there is none. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What is drawn against time or another row of labels. */
export interface Plot {
  readonly labels: readonly string[];
  /** One to three: more are not told apart. */
  readonly series: readonly Series[];
  /** A value of the axis as people read it. */
  readonly tick: (value: number) => string;
  /** What is counted in whole numbers has no lines between them. */
  readonly whole?: boolean;
}

export const WIDTH = 720;
export const HEIGHT = 260;
/** Room for the legend, the values, the labels; a value may be as long as "1,5 phút". */
const ROOM = { top: 34, right: 12, bottom: 30, left: 84 } as const;
const TICKS = 4;
/** Labels that fit beside one another. */
const MOST_LABELS = 8;
export const MOST_SERIES = 3;

export const INNER = {
  left: ROOM.left,
  right: WIDTH - ROOM.right,
  top: ROOM.top,
  bottom: HEIGHT - ROOM.bottom,
} as const;

/** @throws RangeError for rows that do not fit their labels, and for too many of them */
export function assertFits({ labels, series }: Plot): void {
  if (series.length === 0 || series.length > MOST_SERIES) throw new RangeError('A chart has one to three rows.');
  if (series.some(({ values }) => values.length !== labels.length))
    throw new RangeError('A chart has a value for each label.');
  if (series.some(({ values }) => values.some((value) => value !== null && !Number.isFinite(value))))
    throw new RangeError('A chart is made of finite numbers.');
}

/** The scale of values from zero to the next round number above `most`; of nothing, to one, or to as many as there are lines. */
export function scaleTo(most: number, whole = false) {
  const least = whole ? TICKS : 1;
  return scaleLinear([0, most > 0 ? Math.max(most, whole ? least : 0) : least], [INNER.bottom, INNER.top]).nice(TICKS);
}

/** Lines for values, labels below, and the names of the rows with what they look like. */
export function frame(plot: Plot, y: ReturnType<typeof scaleTo>, middleOf: (label: number) => number): string {
  const { labels, series, tick } = plot;
  const lines = y.ticks(TICKS).map((value) => {
    const at = y(value);
    const line = element('line', { class: 'trao-chart__line', x1: INNER.left, x2: INNER.right, y1: at, y2: at });
    return line + text({ class: 'trao-chart__value', x: INNER.left - 8, y: at + 4 }, tick(value));
  });
  const every = Math.max(1, Math.ceil(labels.length / MOST_LABELS));
  const below = labels.flatMap((label, index) =>
    index % every === 0 ? [text({ class: 'trao-chart__label', x: middleOf(index), y: HEIGHT - 8 }, label)] : [],
  );
  const step = (INNER.right - INNER.left) / MOST_SERIES;
  const legend = series.map(({ name }, index) => legendOf(name, index, INNER.left + index * step, 8));
  return [...lines, ...below, ...legend].join('');
}

/** A sample of how a row looks, and its name. */
export function legendOf(name: string, index: number, x: number, y: number): string {
  const sample = element('rect', {
    class: `trao-chart__bar trao-chart__bar--${index + 1}`,
    x,
    y,
    width: 14,
    height: 14,
  });
  return sample + mark(index, x + 7, y + 7) + text({ class: 'trao-chart__legend', x: x + 20, y: y + 12 }, name);
}

/** The shape that marks a row, so that colour is never alone: a point, a square, a triangle. */
export function mark(index: number, x: number, y: number): string {
  const shape = [
    () => element('circle', { class: 'trao-chart__mark', cx: x, cy: y, r: 3 }),
    () => element('rect', { class: 'trao-chart__mark', x: x - 3, y: y - 3, width: 6, height: 6 }),
    () => element('path', { class: 'trao-chart__mark', d: `M${x - 4} ${y + 3}H${x + 4}L${x} ${y - 4}Z` }),
  ][index % MOST_SERIES]!;
  return shape();
}
