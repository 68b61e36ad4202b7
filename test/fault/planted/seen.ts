/** What a check has seen in a copy of the sources. */
export interface Seen {
  /** How much it looked at, for people: tests or seeds. */
  readonly looked: string;
  /** The promise or the expectation that did not hold; undefined when all held. */
  readonly failure?: string;
  /** Why the check could not be made: then nothing was shown, whatever was planted. */
  readonly broken?: string;
}
