import type { DirectoryUnit } from './generated/directory';
import type { ConsentScope, Purpose } from './generated/message';

/** The two languages of every label. */
export type Lang = 'en' | 'vi';
export type Text = { readonly [language in Lang]: string };

/** Other standards that a code can have a counterpart in, as columns of the crosswalk, with their short names. */
export const STANDARDS = {
  htcds: 'HTCDS',
  ctdc: 'CTDC',
  uk_nrm: 'UK NRM',
  fhir: 'FHIR',
  primero: 'Primero',
  eu_vn: 'EU/VN',
} as const;
type Standard = keyof typeof STANDARDS;

export interface CodeEntry {
  readonly code: string;
  readonly label: Text;
  readonly note?: Text;
  /** The counterparts of the code; where a standard is absent, no mapping is known. */
  readonly crosswalk?: { readonly [standard in Standard]?: readonly string[] };
  /** Set where the code is a choice of ours that officers still have to confirm. */
  readonly confirmed?: false;
  /** The date on which the code ceased to be used, where it did. */
  readonly to?: string;
}

/** A code list of schemas/codes/v1. */
export interface CodeList {
  readonly list: string;
  readonly version: string;
  /** Where the codes come from. */
  readonly source: string;
  readonly entries: readonly CodeEntry[];
}

/** M mandatory, O optional, C conditional, X forbidden. */
export type Cell = 'M' | 'O' | 'C' | 'X';

/** A row of the field matrix: what each purpose makes of a field. */
export interface FieldRule {
  /** Path in a message, with dots: `person.birth`. */
  readonly path: string;
  readonly label: Text;
  /** S1 operational, S2 identity, S3 special category, S4 safety-critical. */
  readonly sensitivity: 'S1' | 'S2' | 'S3' | 'S4';
  readonly cells: { readonly [purpose in Purpose]: Cell };
  /** Set where a request for information may ask for the field. */
  readonly askable?: true;
  /** The scope of consent that the field needs. */
  readonly scope?: ConsentScope;
  /** When a field with cell C is given. */
  readonly condition?: Text;
  readonly rule?: Text;
}

/** A unit of the code list: who may stand in a directory, under which name. */
export interface ListedUnit {
  readonly id: string;
  readonly node: string;
  readonly class: DirectoryUnit['class'];
  readonly name: Text;
  /** The date on which the unit ceased to be, where it did. */
  readonly to?: string;
}
