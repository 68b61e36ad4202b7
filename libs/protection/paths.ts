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

/** Nothing that is inherited, and not the length of a list. */
const hasMember = (owner: object, name: string) => Object.prototype.propertyIsEnumerable.call(owner, name);

function membersOf({ pointer, value }: Found, step: string): Found[] {
  const owner = value as Readonly<Record<string, unknown>>;
  const names = step === '*' ? Object.keys(owner) : hasMember(owner, step) ? [step] : [];
  return names
    .filter((name) => owner[name] !== undefined)
    .map((name) => ({ pointer: `${pointer}/${name}`, value: owner[name] }));
}
