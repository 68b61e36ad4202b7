/** Where a page of the list ends: the last row of it, in the order of the list. */
export interface MessageMark {
  /** UTC with microseconds, as the database has them: a time cut to milliseconds would skip rows or show them twice. */
  readonly at: string;
  readonly id: string;
  /** `sent`, or the node that sent it: one id may have come from two partners. */
  readonly source: string;
}

const MARK =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([a-z]{2}(?:-[a-z]{2})?|sent)$/;
const TEXT = /^[A-Za-z0-9_-]{1,160}$/;

/** A mark as a text that only we read. */
export const cursorOf = ({ at, id, source }: MessageMark): string =>
  Buffer.from(`${at} ${id} ${source}`).toString('base64url');

/** The mark in a text; undefined for anything that `cursorOf` has not written. */
export function markIn(cursor: string): MessageMark | undefined {
  if (!TEXT.test(cursor)) return undefined;
  const [, at = '', id = '', source = ''] = MARK.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (Number.isNaN(Date.parse(at))) return undefined;
  const mark = { at, id, source };
  // One text for each mark: other spellings of the same bytes are not ours.
  return cursorOf(mark) === cursor ? mark : undefined;
}
