/** An object as documents have them; undefined for everything else. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  const is = typeof value === 'object' && value !== null && !Array.isArray(value);
  return is ? (value as Record<string, unknown>) : undefined;
}

/** The own member of objects at a JSON pointer (RFC 6901) whose steps are names of the schemas, which need no escapes. */
export function memberAt(value: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>((owner, step) => {
    const object = asObject(owner);
    return object && Object.hasOwn(object, step) ? object[step] : undefined;
  }, value);
}

export function stepsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1);
}
