/** What a text may give away, the surest first. */
export const FINDING_KINDS = ['email', 'web_address', 'phone', 'document_number', 'known_name', 'person_name'] as const;

/** A piece of a text that may tell who somebody is: UTF-16 code units of the text as given, half-open. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly kind: (typeof FINDING_KINDS)[number];
}
