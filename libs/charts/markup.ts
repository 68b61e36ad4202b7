/**
 * Markup of SVG, made of tags of ours, numbers and escaped texts only, so that a page may take it as it is. It has no inline style and no
 * script: what it looks like is in the style sheet, by classes.
 */
export type Markup = string & { readonly markup: true };

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text inside an element or an attribute. Characters that no XML text can have are left out. */
const escaped = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, '').replaceAll(/[&<>"']/g, (one) => ENTITIES[one]!);

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element. @throws RangeError for a number that is none: a chart that lies is worse than no chart */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`],
  );
  return `<${name}${written.join('')}>${children.join('')}</${name}>`;
}

export const text = (attributes: Attributes, content: string): string => element('text', attributes, escaped(content));

/** Two digits are a fifth of what a screen shows. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError('A chart is made of finite numbers.');
  return Math.round(value * 100) / 100;
}

/** What stands around every chart. */
export interface Caption {
  /** Of the element, once on a page: small letters, digits and dashes. */
  readonly id: string;
  readonly title: string;
  /** What the chart shows, for whoever does not see it; the table beside it has the numbers. */
  readonly description: string;
}

/** @throws RangeError for an id that is none */
export function picture({ id, title, description }: Caption, width: number, height: number, body: string): Markup {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new RangeError('An id of a chart is of small letters, digits and dashes.');
  const named = [
    element('title', { id: `${id}-title` }, escaped(title)),
    element('desc', { id: `${id}-desc` }, escaped(description)),
  ];
  return element(
    'svg',
    {
      class: 'trao-chart',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-labelledby': `${id}-title`,
      'aria-describedby': `${id}-desc`,
      focusable: 'false',
    },
    ...named,
    body,
  ) as Markup;
}
