import { scaleBand, scaleLinear, scalePoint } from 'd3-scale';
import { line, stack } from 'd3-shape';
import { assertFits, frame, HEIGHT, INNER, legendOf, mark, MOST_SERIES, scaleTo, WIDTH, type Plot } from './frame';
import { element, picture, type Caption, type Markup } from './markup';

/** Bars beside their labels; several rows stand on one another. A value that is null is a bar of no height. */
export function barChart(caption: Caption, plot: Plot): Markup {
  assertFits(plot);
  const { labels, series, whole } = plot;
  const x = scaleBand(
    labels.map((_, index) => index),
    [INNER.left, INNER.right],
  ).padding(0.15);
  const keys = series.map((_, index) => String(index));
  const rows = labels.map((_, label) =>
    Object.fromEntries(series.map(({ values }, index) => [String(index), values[label] ?? 0])),
  );
  const layers = stack<Record<string, number>>().keys(keys)(rows);
  const y = scaleTo(Math.max(0, ...layers.flatMap((layer) => layer.map(([, top]) => top))), whole);
  const width = x.bandwidth();
  const bars = layers.flatMap((layer, index) =>
    layer.flatMap(([from, to], label) => {
      if (from === to) return [];
      const at = { x: x(label)!, y: y(to), width, height: y(from) - y(to) };
      return [
        element('rect', { class: `trao-chart__bar trao-chart__bar--${index + 1}`, ...at }),
        // Every other row but the first says by its shape which it is.
        ...(index > 0 ? [mark(index, at.x + width / 2, at.y + at.height / 2)] : []),
      ];
    }),
  );
  return picture(caption, WIDTH, HEIGHT, frame(plot, y, (label) => x(label)! + width / 2) + bars.join(''));
}

/** Lines over their labels, with a gap where a value is missing. */
export function lineChart(caption: Caption, plot: Plot): Markup {
  assertFits(plot);
  const { labels, series, whole } = plot;
  const x = scalePoint(
    labels.map((_, index) => index),
    [INNER.left, INNER.right],
  ).padding(0.5);
  const y = scaleTo(Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))), whole);
  const lines = series.map(({ values }, index) => {
    const points = values.map((value, label) => ({ value, at: x(label)! }));
    const path = line<(typeof points)[number]>()
      .defined(({ value }) => value !== null)
      .x(({ at }) => at)
      .y(({ value }) => y(value!))(points);
    const marks = points.flatMap(({ value, at }) => (value === null ? [] : [mark(index, at, y(value))]));
    return (
      element('path', { class: `trao-chart__path trao-chart__path--${index + 1}`, d: path ?? '' }) + marks.join('')
    );
  });
  return picture(caption, WIDTH, HEIGHT, frame(plot, y, (label) => x(label)!) + lines.join(''));
}

/** Parts of a whole as one bar, with their names below. Parts of nothing are an empty bar. */
export function shareBar(
  caption: Caption,
  parts: readonly { readonly name: string; readonly value: number }[],
): Markup {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const x = scaleLinear([0, total > 0 ? total : 1], [0, WIDTH]);
  let from = 0;
  const bars = parts.map(({ value }, index) => {
    const at = { x: x(from), y: 2, width: x(from + value) - x(from), height: 30 };
    from += value;
    if (value === 0) return '';
    return (
      element('rect', { class: `trao-chart__bar trao-chart__bar--${index + 1}`, ...at }) +
      mark(index % MOST_SERIES, at.x + at.width / 2, 17)
    );
  });
  const outline = element('rect', { class: 'trao-chart__outline', x: 1, y: 2, width: WIDTH - 2, height: 30 });
  const step = WIDTH / Math.max(1, parts.length);
  const legend = parts.map(({ name }, index) => legendOf(name, index, index * step, 42));
  return picture(caption, WIDTH, 64, bars.join('') + outline + legend.join(''));
}
