/** A change of one source of the product, for the tests only. */
export interface Patch {
  /** From the root of the repository, e.g. `libs/exchange/relay.ts`. */
  readonly file: string;
  /** What is replaced. It occurs exactly once. */
  readonly before: string;
  readonly after: string;
}

/**
 * The source after all patches of its file, in their order.
 * @throws Error when a patch does not apply, or applies twice: it would prove nothing
 */
export function patched(source: string, file: string, patches: readonly Patch[]): string {
  let text = source;
  for (const { before, after } of patches.filter((patch) => patch.file === file)) {
    const found = text.split(before).length - 1;
    if (found !== 1) throw new Error(`A patch of ${file} fits ${found} times, not once: ${before.slice(0, 80)}`);
    // A function, so that `$` in the text means itself.
    text = text.replace(before, () => after);
  }
  return text;
}
