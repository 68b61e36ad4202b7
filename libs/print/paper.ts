import type { Language } from '../text';

/** The same words in both languages. */
export type TextPair = Readonly<Record<Language, string>>;

/** How words are set; `STYLES` in style.ts has the sizes. */
export type StyleName =
  'title' | 'subtitle' | 'heading' | 'column' | 'label' | 'value' | 'strong' | 'small' | 'code' | 'smallCode';

/** One paragraph. */
export interface Text {
  readonly text: string;
  readonly style: StyleName;
  /** BCP 47; screen readers change their voice by it. Absent for words that are of no language or of an unknown one. */
  readonly lang?: string | undefined;
}

/** Paragraphs below each other. */
export type Cell = readonly Text[];

export interface Table {
  readonly kind: 'table';
  /** Shares of the width, one for each column; they add up to 1. */
  readonly columns: readonly number[];
  /** Above the table, and again on top of each page that it goes on to, with words that say so. */
  readonly heading: Cell;
  readonly continued: Cell;
  /** Names of the columns, on each page. */
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many columns from the left name the row rather than say something. */
  readonly labels: number;
}

/** What a paper consists of, from top to bottom. */
export type Block =
  | { readonly kind: 'title' | 'heading' | 'paragraph'; readonly cell: Cell }
  | Table
  /** A QR code with words beside it. `alt` is what a screen reader says. */
  | { readonly kind: 'qr'; readonly holds: string; readonly alt: string; readonly beside: Cell }
  /** A question with room for an answer by hand. */
  | { readonly kind: 'writing'; readonly cell: Cell; readonly lines: number };

/** What stands on every page. */
export interface Frame {
  /** How the content may be used, in words; on top. */
  readonly handling: Cell;
  /** Left below. */
  readonly foot: Cell;
  /** "Trang 1/3" and "Page 1 of 3": right below. */
  readonly pages: (page: number, of: number) => Cell;
  /** Behind the text; '' for none. */
  readonly watermark: string;
}

/** A paper to print: nothing in it is worked out any more but lines and pages. */
export interface Paper {
  /** Of the window and of the file's properties: fixed words, never of a person. */
  readonly title: string;
  /** BCP 47, of most of the words. */
  readonly lang: string;
  /** When it was made: the only date of the file. */
  readonly madeAt: Date;
  readonly frame: Frame;
  readonly blocks: readonly Block[];
}
