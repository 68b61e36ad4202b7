/**
 * `value` with every string in it, names of members included, in Unicode normal form C (domain §10): the same name must
 * have the same bytes everywhere, or search and digests disagree. Arrays and objects are copied, everything else is
 * returned as it is. Lone surrogates stay for the validator, which refuses them: repairing a text would change what somebody wrote.
 * Of two members whose names become the same, the later one counts.
 */
export function toNfc(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC');
  if (Array.isArray(value)) return value.map(toNfc);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.normalize('NFC'), toNfc(member)]));
}
