export type { Field, Group, Leaf, LeafKind, List, Obligation, Option, Posted, Values } from './field';
export { rowOf } from './field';
export { formOf, type FormChoice, type FormTarget } from './form-of';
export { mergePart } from './merge-part';
export { readForm, type DocumentPart } from './read-form';
export { afterRowAction } from './row-action';
export { valuesOf } from './values-of';
