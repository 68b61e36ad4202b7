import type { FieldFault } from './faults-by-field';
import type { Words } from './labels';
import type { DatePart } from './parts-of-date';

export interface DrawnOption {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Language of the label, where it is not that of the page. */
  readonly lang?: 'en';
  readonly selected: boolean;
  /** Being ticked unticks the others. */
  readonly exclusive?: true;
}

/** One of the controls of a date. */
export interface DrawnPart {
  readonly part: DatePart;
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

export interface DrawnBase {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Sentences about the faults of this field. */
  readonly errors: readonly string[];
}

export interface DrawnLeaf extends DrawnBase {
  readonly widget: 'input' | 'textarea' | 'date' | 'radios' | 'select' | 'checkboxes' | 'confirm';
  readonly type: 'text' | 'tel' | 'email';
  readonly value: string;
  readonly options: readonly DrawnOption[];
  readonly parts: readonly DrawnPart[];
  readonly inline: boolean;
  readonly wide: boolean;
  readonly maxLength?: number;
  readonly autocomplete: string;
  readonly spellcheck: boolean;
  readonly inputMode?: string;
}

export interface DrawnGroup extends DrawnBase {
  readonly widget: 'group';
  readonly members: readonly DrawnField[];
}

export interface DrawnRow {
  readonly label: string;
  /** What the button that takes the row away posts as `then`. */
  readonly remove: string;
  readonly field: DrawnLeaf | DrawnGroup;
}

export interface DrawnList extends DrawnBase {
  readonly widget: 'list';
  readonly rows: readonly DrawnRow[];
  readonly rowsName: string;
  /** What the button for one more row posts as `then`; undefined when the list is full. */
  readonly add?: string;
}

export type DrawnField = DrawnLeaf | DrawnGroup | DrawnList;

/** A form as templates draw it: plain data, no choice left to make. */
export interface DrawnForm {
  readonly fields: readonly DrawnField[];
  /** For the error summary, in the order of the page. */
  readonly summary: readonly FieldFault[];
  readonly words: Words;
}
