/** A point marked in a source. */
export interface Mark {
  readonly point: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * A comment alone on its line, e.g. `// fail-point S2: inserted, not committed`. To the product it is a comment; the fault build makes it
 * a call.
 */
const MARK = /^([ \t]*)\/\/ fail-point ([A-Z]\d{1,2}): .+$/;

/** Looks like a mark, also where it is mistyped or stands behind code. */
const ALMOST = /fail-?point/i;

/** The call that takes the place of a mark. Without the runtime of the tests it does nothing. */
export const callOf = (point: string) => `await globalThis.traoFailPoint?.('${point}');`;

/** The points that a source marks. @throws Error for a mark that is mistyped, which would otherwise never be reached */
export function marksOf(source: string, file: string): Mark[] {
  return source.split('\n').flatMap((text, index) => {
    const point = MARK.exec(text)?.[2];
    if (point !== undefined) return [{ point, line: index + 1 }];
    if (ALMOST.test(text)) throw new Error(`${file}:${index + 1} is no mark of a fail-point: ${text.trim()}`);
    return [];
  });
}

/** The source with a call in the place of each mark, line for line. */
export const withCalls = (source: string) =>
  source
    .split('\n')
    .map((text) => text.replace(MARK, (_all, indent: string, point: string) => indent + callOf(point)))
    .join('\n');

/** The source without its marks. */
export const withoutMarks = (source: string) =>
  source
    .split('\n')
    .filter((text) => !MARK.test(text))
    .join('\n');
