/** Names that can stand in a fault: field names of ours and URIs. Anything else may be content that slipped into a key. */
const PLAIN_KEY = /^[A-Za-z_$][A-Za-z0-9_:/.-]{0,79}$/;

/** True when `key` may be shown in faults and logs. */
export function isPlainKey(key: string): boolean {
  return PLAIN_KEY.test(key);
}

/** The JSON pointer (RFC 6901) of member or entry `step` of what `pointer` names. */
export function memberPointer(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * The JSON pointer (RFC 6901) of `path`. It stops before the first key that is not plain, because faults must never
 * carry content: it then names the object that holds the key.
 */
export function pointerOf(path: readonly (string | number)[]): string {
  let pointer = '';
  for (const step of path) {
    if (typeof step === 'string' && !isPlainKey(step)) break;
    pointer = memberPointer(pointer, step);
  }
  return pointer;
}
