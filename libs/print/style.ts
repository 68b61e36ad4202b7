import type { StyleName } from './paper';

/** Points, 72 to the inch. */
export interface Style {
  /** `mono` for digests: in the others I and l are one stroke each. */
  readonly font: 'regular' | 'bold' | 'mono';
  readonly size: number;
  /** From one base line to the next: 1.4 times the size or more, or marks on capitals (Ậ Ễ Ộ) touch the line above. */
  readonly leading: number;
  readonly colour: string;
}

const style = (font: Style['font'], size: number, colour = '#000000', leading = 1.4): Style => ({
  font,
  size,
  leading: size * leading,
  colour,
});

export const STYLES: Readonly<Record<StyleName, Style>> = {
  title: style('bold', 16),
  subtitle: style('regular', 12),
  heading: style('bold', 11),
  column: style('regular', 7, '#333333'),
  // The leading of values, so that both stand on one line.
  label: style('bold', 8.5, '#000000', 1.62),
  value: style('regular', 9.5, '#000000', 1.45),
  strong: style('bold', 9),
  small: style('regular', 7.5, '#333333'),
  code: style('mono', 11.5, '#000000', 1.5),
  smallCode: style('mono', 7.5, '#333333'),
};

/** A4 upright. */
export const PAGE = { width: 595.28, height: 841.89, side: 45, top: 32, bottom: 32 } as const;
export const CONTENT_WIDTH = PAGE.width - 2 * PAGE.side;
