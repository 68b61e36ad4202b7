import type { ConsentScope, FieldRule } from '../schema';

/** One answer that can be picked. */
export interface Option {
  /** What is posted and stored. */
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Language of the label, where it is not that of the form: terms of UK decisions stay in English. */
  readonly lang?: 'en';
}

/** Whether the message needs an answer; `conditional`: that hangs on other answers. */
export type Obligation = 'mandatory' | 'optional' | 'conditional';

/** What every field has, whichever kind it is. */
interface FieldBase {
  /** Key of its label: file and definition of the schema, and the member: `referral/personName.full`. */
  readonly key: string;
  /** Path in the document with dots and without positions: `person.documents.number`. */
  readonly path: string;
  /** JSON pointer (RFC 6901) in the document. */
  readonly pointer: string;
  /** Name of the form control, unique in a document: `person.documents[0].number`. */
  readonly name: string;
  /** The same as an id that can stand in an address: `person-documents-0-number`. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** The label inside a sentence that asks for an answer: "the person’s full name". */
  readonly asked: string;
  readonly obligation: Obligation;
  /** The schema asks for it whenever there is what it is part of. */
  readonly needed: boolean;
  readonly sensitivity?: FieldRule['sensitivity'];
  /** The scope of consent that it needs. */
  readonly scope?: ConsentScope;
}

/** How one answer is asked for. `confirm` has one allowed value, yes; `choices` is a list of codes. */
export type LeafKind =
  | 'text'
  | 'textarea'
  | 'integer'
  | 'date'
  | 'month'
  | 'instant'
  | 'yesno'
  | 'confirm'
  | 'choice'
  | 'choices'
  | 'country'
  | 'language'
  | 'unit'
  | 'phone'
  | 'email'
  | 'digest';

/** One question. */
export interface Leaf extends FieldBase {
  readonly kind: LeafKind;
  /** The answers, where they can only be picked. */
  readonly options?: readonly Option[];
  /** The value is a whole number: the kinds `integer`, and `choice` of numbers. */
  readonly numeric?: true;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** `choices`: "none of these" is an answer of its own, an empty list. */
  readonly none?: true;
  /** `instant`: IANA time zone whose clocks the officer reads. */
  readonly timeZone?: string;
  readonly autocomplete: string;
  readonly spellcheck: boolean;
  readonly inputMode?: 'numeric' | 'tel' | 'email';
}

/** Questions that belong together. */
export interface Group extends FieldBase {
  readonly kind: 'group';
  readonly members: readonly Field[];
}

/** Any number of the same question. `rowOf` gives the field of a row. */
export interface List extends FieldBase {
  readonly kind: 'list';
  /** The field of each row, with `[]` for the position in its name and `-` in its pointer. */
  readonly item: Leaf | Group;
  readonly minItems: number;
  readonly maxItems: number;
}

export type Field = Leaf | Group | List;

/** What a browser posts: flat names, as `express.urlencoded({ extended: false })` gives them. */
export type Posted = { readonly [name: string]: unknown };

/** What the controls show: flat names, a list where several can be ticked. */
export type Values = { readonly [name: string]: string | readonly string[] };

/** The field of row `index` of a list. */
export function rowOf(list: List, index: number): Leaf | Group {
  return moved(list.item, list, index);
}

function moved<F extends Field>(field: F, list: List, index: number): F {
  const put = {
    pointer: `${list.pointer}/${index}${field.pointer.slice(list.item.pointer.length)}`,
    name: `${list.name}[${index}]${field.name.slice(list.item.name.length)}`,
    id: `${list.id}-${index}${field.id.slice(list.item.id.length)}`,
  };
  if (field.kind === 'group') {
    return { ...field, ...put, members: field.members.map((member) => moved(member, list, index)) };
  }
  return { ...field, ...put };
}
