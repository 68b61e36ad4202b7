import fc from 'fast-check';
import { barChart, lineChart, shareBar, type Plot } from '.';

const CAPTION = { id: 'deliveries', title: 'Deliveries <48 h>', description: 'A & B by the "hour"' };
const PLOT: Plot = {
  labels: ['10:00', '11:00', '12:00'],
  series: [
    { name: 'delivered', values: [10, 20, 0] },
    { name: 'failed', values: [0, 5, null] },
  ],
  tick: String,
};

/** Everything a page must never get from a chart. */
function expectTame(markup: string): void {
  expect(markup).toMatch(
    /^<svg class="trao-chart" viewBox="0 0 \d+ \d+" role="img" aria-labelledby="[a-z0-9-]+-title" /,
  );
  expect(markup).not.toMatch(/\sstyle=|<script|\son\w+=|<style|href|NaN|Infinity|undefined/);
  const names = new Set([...markup.matchAll(/<\/?([a-z]+)/g)].map(([, name]) => name));
  const known = ['svg', 'title', 'desc', 'rect', 'line', 'text', 'circle', 'path'];
  expect([...names].filter((name) => !known.includes(name!))).toEqual([]);
  expect(markup.match(/<[a-z]/g)!.length).toBe(markup.match(/<\/[a-z]/g)!.length);
}

describe('charts', () => {
  it('have a title and a description, escaped, that the picture is named by', () => {
    const markup = barChart(CAPTION, PLOT);
    expectTame(markup);
    expect(markup).toContain('<title id="deliveries-title">Deliveries &lt;48 h&gt;</title>');
    expect(markup).toContain('<desc id="deliveries-desc">A &amp; B by the &quot;hour&quot;</desc>');
    expect(markup).toContain('aria-describedby="deliveries-desc"');
  });

  it('stack bars: what is twice as much is twice as high, and the second row stands on the first', () => {
    const bars = [
      ...barChart(CAPTION, PLOT).matchAll(
        /<rect class="trao-chart__bar trao-chart__bar--(\d)" x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)">/g,
      ),
    ]
      .map(([, row, x, y, height]) => ({ row, x: Number(x), y: Number(y), height: Number(height) }))
      // The samples of the legend stand above.
      .filter(({ y }) => y > 30);
    expect(bars.map(({ row }) => row)).toEqual(['1', '1', '2']);
    const [first, second, failed] = bars as [(typeof bars)[0], (typeof bars)[0], (typeof bars)[0]];
    expect(second.height).toBeCloseTo(2 * first.height, 1);
    expect(failed.height).toBeCloseTo(first.height / 2, 1);
    expect(failed.y + failed.height).toBeCloseTo(second.y, 1);
    expect(failed.x).toBe(second.x);
  });

  it('tell rows apart by shape as well as by class', () => {
    const markup = lineChart(CAPTION, { ...PLOT, series: [...PLOT.series, { name: 'third', values: [1, 1, 1] }] });
    expectTame(markup);
    for (const shape of [
      '<circle class="trao-chart__mark"',
      '<rect class="trao-chart__mark"',
      '<path class="trao-chart__mark"',
    ])
      expect(markup).toContain(shape);
    for (const name of ['delivered', 'failed', 'third']) expect(markup).toContain(`>${name}</text>`);
  });

  it('leave a gap in a line where a value is missing', () => {
    const gap = lineChart(CAPTION, {
      labels: ['a', 'b', 'c'],
      series: [{ name: 'x', values: [1, null, 3] }],
      tick: String,
    });
    const [, path] = /trao-chart__path--1" d="([^"]+)"/.exec(gap)!;
    expect(path!.match(/M/g)).toHaveLength(2);
    expect(gap.match(/<circle/g)).toHaveLength(3);
  });

  it('are drawn of nothing too', () => {
    const nothing: Plot = { labels: [], series: [{ name: 'x', values: [] }], tick: String };
    expectTame(barChart(CAPTION, nothing));
    expectTame(lineChart(CAPTION, nothing));
    expectTame(lineChart(CAPTION, { ...nothing, labels: ['a'], series: [{ name: 'x', values: [null] }] }));
    expectTame(shareBar(CAPTION, []));
    expect(shareBar(CAPTION, [{ name: 'x', value: 0 }])).not.toContain('y="2" width="0"');
  });

  it('write every label where few are, and some where many are', () => {
    const labels = Array.from({ length: 48 }, (_, hour) => `h${hour}`);
    const markup = barChart(CAPTION, {
      labels,
      series: [{ name: 'x', values: labels.map(() => 1) }],
      tick: (value) => `${value} pcs`,
    });
    expect([...markup.matchAll(/class="trao-chart__label"[^>]*>([^<]+)</g)].map(([, label]) => label)).toEqual([
      'h0',
      'h6',
      'h12',
      'h18',
      'h24',
      'h30',
      'h36',
      'h42',
    ]);
    expect(markup).toContain('1 pcs</text>');
  });

  it('have lines at whole numbers where whole things are counted', () => {
    const ticks = (most: number) => {
      const plot: Plot = { labels: ['a'], series: [{ name: 'x', values: [most] }], tick: String, whole: true };
      return [...lineChart(CAPTION, plot).matchAll(/class="trao-chart__value"[^>]*>([^<]+)</g)].map(
        ([, value]) => value,
      );
    };
    expect(ticks(0)).toEqual(['0', '1', '2', '3', '4']);
    expect(ticks(1)).toEqual(['0', '1', '2', '3', '4']);
    expect(ticks(95)).toEqual(['0', '20', '40', '60', '80', '100']);
  });

  it('show parts of a whole by their width', () => {
    const markup = shareBar(CAPTION, [
      { name: 'arrived', value: 30 },
      { name: 'waiting', value: 10 },
      { name: 'failed', value: 0 },
      { name: 'stopped', value: 0 },
    ]);
    expectTame(markup);
    const widths = [...markup.matchAll(/trao-chart__bar--\d" x="[\d.]+" y="2" width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toEqual([540, 180]);
    expect(markup).toContain('trao-chart__bar--4');
  });

  it.each([
    ['a row too few', { ...PLOT, series: [] }],
    ['a row too many', { ...PLOT, series: Array.from({ length: 4 }, () => PLOT.series[0]!) }],
    ['a value too few', { ...PLOT, series: [{ name: 'x', values: [1] }] }],
    ['a value that is none', { ...PLOT, series: [{ name: 'x', values: [1, Number.NaN, 2] }] }],
    ['a value without end', { ...PLOT, series: [{ name: 'x', values: [1, Infinity, 2] }] }],
  ])('are not drawn of %s', (_what, plot) => {
    expect(() => barChart(CAPTION, plot)).toThrow(RangeError);
    expect(() => lineChart(CAPTION, plot)).toThrow(RangeError);
  });

  it('have an id that is one', () => {
    expect(() => shareBar({ ...CAPTION, id: 'a" onload="x' }, [])).toThrow(RangeError);
  });

  it('hold no markup of texts, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, label) => {
        const plot: Plot = {
          labels: [`${label}<script>`],
          series: [{ name: `${name}"><b onclick=x>`, values: [1] }],
          tick: () => label,
        };
        const markup = barChart({ id: 'x', title: name, description: label }, plot);
        const tags = new Set([...markup.matchAll(/<\/?([a-zA-Z]+)/g)].map(([, tag]) => tag));
        expect([...tags].filter((tag) => ['script', 'b'].includes(tag!))).toEqual([]);
      }),
    );
  });
});
