/** A value inside a document, with its JSON pointer (RFC 6901). */
export interface Found {
  readonly pointer: string;
  readonly value: unknown;
}

/**
 * The values at `path` inside `root`: member names with dots, `*` for every entry of a list or an object
 * (`questions.*.text`).
 * Absent members give nothing.
 * @param at pointer of `root` itself
 */
export function valuesAt(root: unknown, path: string, at = ''): Found[] {
  return path
    .split('.')
    .reduce<Found[]>(
      (owners, step) => owners.flatMap((owner) => membersOf(owner, step)),
      [{ pointer: at, value: root }],
    );
}

function membersOf({ pointer, value }: Found, step: string): Found[] {
  const members = Object.entries(value as object) as [string, unknown][];
  return members
    .filter(([name, member]) => (step === '*' || name === step) && member !== undefined)
    .map(([name, member]) => ({ pointer: `${pointer}/${name}`, value: member }));
}
