import { createHash } from 'node:crypto';
import { mergePart, readForm, valuesOf, type Posted } from '../../../../libs/forms';
import type { Written } from './lens';
import type { DraftPage } from './plan';

type Members = Readonly<Record<string, unknown>>;

/** Text of the digest of what a page's questions are answered with: a form names the answers that it was drawn with. */
export function baseOf(page: DraftPage, written: Written): string {
  const part = readForm(page.fields, valuesOf(page.fields, page.lens.get(written)));
  return createHash('sha256').update(JSON.stringify(part)).digest('base64url');
}

/** What was handed in with the answers of a form in place of those of its page. */
export function withAnswers(page: DraftPage, written: Written, posted: Posted): Written {
  return withPart(page, page.fields, written, readForm(page.fields, posted));
}

function withPart(page: DraftPage, fields: DraftPage['fields'], written: Written, part: Members): Written {
  const before = page.lens.get(written);
  const merged = mergePart(before, fields, part);
  // A save without a change changes nothing, also where the lens would write what was not there before.
  return JSON.stringify(merged) === JSON.stringify(before) ? written : page.lens.set(written, merged);
}

/** The same after a conflict: of each question the answer that was chosen, `mine` or `theirs`. Without a choice the stored one stays. */
export function withChosen(page: DraftPage, written: Written, posted: Posted): Written {
  const mine = page.fields.filter(({ id }) => posted[`keep-${id}`] === 'mine');
  return withPart(page, mine, written, readForm(mine, posted));
}

/** True when the answers of a form are others than those that it was drawn with, and somebody has changed them meanwhile. */
export function isConflict(page: DraftPage, written: Written, posted: Posted): boolean {
  const { base } = posted;
  if (typeof base !== 'string' || base === baseOf(page, written)) return false;
  return baseOf(page, withAnswers(page, written, posted)) !== baseOf(page, written);
}

/** The plain fields of a form, to carry them through a page that asks something else first. */
export function carried(page: DraftPage, posted: Posted): { readonly name: string; readonly value: string }[] {
  const values = valuesOf(page.fields, readForm(page.fields, posted));
  return Object.entries(values).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => ({ name, value: one })),
  );
}
