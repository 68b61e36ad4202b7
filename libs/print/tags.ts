import type { LaidTable, Row } from './layout';
import type { Text } from './paper';

type Element = PDFKit.PDFStructureElement;

/**
 * The structure that a screen reader follows, made while pages are drawn. An element is made once and goes on over pages:
 * a paragraph that breaks is one paragraph. Order of making is order of reading.
 */
export class Tags {
  private readonly document: Element;
  private readonly tables = new Map<LaidTable, Element>();
  private readonly rows = new Map<Row, Element>();
  private readonly cells = new Map<Row, Element[]>();
  private readonly texts = new Map<Text, Element>();

  constructor(private readonly doc: PDFKit.PDFDocument) {
    this.document = doc.struct('Document');
    doc.addStructure(this.document);
  }

  /** Runs `draw`, whose marks on the page are of `text` in cell `index` of `row`. */
  paragraph(row: Row, index: number, text: Text, draw: () => void): void {
    const { element, tag } = this.paragraphOf(row, index, text);
    const content = this.doc.markStructureContent(tag);
    draw();
    this.doc.endMarkedContent();
    element.add(content);
  }

  /** Runs `draw`, which draws a picture that `alt` describes. */
  figure(row: Row, alt: string, draw: () => void): void {
    const figure = this.add(this.rowOf(row), 'Figure', { alt });
    const content = this.doc.markStructureContent('Figure');
    draw();
    this.doc.endMarkedContent();
    figure.add(content);
  }

  /** Runs `draw`, whose marks say nothing that is not said elsewhere. */
  artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  private paragraphOf(row: Row, index: number, text: Text): { element: Element; tag: string } {
    const tag = row.role === 'H1' || row.role === 'H2' ? 'Span' : 'P';
    let element = this.texts.get(text);
    if (!element) {
      element = this.add(this.cellOf(row, index), tag, text.lang === undefined ? {} : { lang: text.lang });
      this.texts.set(text, element);
    }
    return { element, tag };
  }

  private cellOf(row: Row, index: number): Element {
    const parent = this.rowOf(row);
    if (row.role !== 'TR' && row.role !== 'TH') return parent;
    let cells = this.cells.get(row);
    if (!cells) {
      const scope = row.role === 'TH' ? 'Column' : 'Row';
      const labels = row.role === 'TH' ? row.cells.length : row.table!.labels;
      cells = row.cells.map((_, i) => (i < labels ? this.add(parent, 'TH', { scope }) : this.add(parent, 'TD', {})));
      this.cells.set(row, cells);
    }
    return cells[index]!;
  }

  private rowOf(row: Row): Element {
    let element = this.rows.get(row);
    if (!element) {
      const tag = row.role === 'TH' ? 'TR' : row.role === 'P' || row.role === 'QR' ? 'Div' : row.role;
      element = this.add(row.table ? this.tableOf(row.table) : this.document, tag, {});
      this.rows.set(row, element);
    }
    return element;
  }

  private tableOf(table: LaidTable): Element {
    let element = this.tables.get(table);
    if (!element) this.tables.set(table, (element = this.add(this.document, 'Table', {})));
    return element;
  }

  private add(parent: Element, tag: string, options: Record<string, string>): Element {
    const element = this.doc.struct(tag, options);
    parent.add(element);
    return element;
  }
}
