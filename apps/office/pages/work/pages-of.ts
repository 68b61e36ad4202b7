import type { Translate } from '../../../../libs/pages';

/** The links to other pages of a list, for the pagination component; undefined where there is one page only. */
export function pagesOf(number: number, total: number, perPage: number, href: (page: number) => string, t: Translate) {
  const last = Math.ceil(total / perPage);
  if (last <= 1) return undefined;
  const near = [1, number - 1, number, number + 1, last].filter((page) => page >= 1 && page <= last);
  const shown = [...new Set(near)];
  const items = shown.flatMap((page, at) => [
    ...(at > 0 && page - shown[at - 1]! > 1 ? [{ ellipsis: true }] : []),
    { number: page, href: href(page), current: page === number, visuallyHiddenText: t('office:pages.page', { page }) },
  ]);
  return {
    items,
    landmarkLabel: t('office:pages.label'),
    ...(number > 1 && { previous: { href: href(number - 1), text: t('office:pages.previous') } }),
    ...(number < last && { next: { href: href(number + 1), text: t('office:pages.next') } }),
    range: t('office:pages.range', { from: (number - 1) * perPage + 1, to: Math.min(total, number * perPage), total }),
  };
}
