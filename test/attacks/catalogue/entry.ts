/** One attack, what stands against it, and how it must end. docs/security/attacks.md is made of these. */
export interface Entry {
  readonly id: string;
  readonly attack: string;
  /** What stands against it. */
  readonly control: string;
  /** The files where that is. */
  readonly where: readonly string[];
  /** Intended ends: inner codes of libs/errors, or words of OUTCOMES. */
  readonly outcome: readonly string[];
}

/** Ends that are no refusal. */
export const OUTCOMES = {
  filed: 'filed: it is honest',
  held: 'held: it waits for what is missing',
  'same receipt': 'answered with the receipt of the first time',
  stored: 'stored: it is evidence',
  alarm: 'alarm',
  TLS: 'the handshake ends',
  'no partner': 'no partner: HTTP 403 or a closed connection',
  'HTTP 400': 'refused by the HTTP parser',
} as const;
