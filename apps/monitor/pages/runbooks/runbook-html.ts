import { Marked, type RendererObject } from 'marked';

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ESCAPED[sign]!);

/** Sizes of headings under the page's own, which says what the runbook is about. */
const HEADINGS: Readonly<Record<number, string>> = { 2: 'm', 3: 's' };

/** Runbooks of ours as pages: headings, paragraphs, lists, tables, commands and links to one another. Nothing in them is markup. */
const RENDERER: RendererObject = {
  heading({ tokens, depth }) {
    if (depth === 1) return '';
    return `<h${depth} class="govuk-heading-${HEADINGS[depth] ?? 's'}">${this.parser.parseInline(tokens)}</h${depth}>`;
  },
  paragraph({ tokens }) {
    return `<p class="govuk-body">${this.parser.parseInline(tokens)}</p>`;
  },
  list({ ordered, items }) {
    const [tag, kind] = ordered ? ['ol', 'number'] : ['ul', 'bullet'];
    return `<${tag} class="govuk-list govuk-list--${kind}">${items.map((item) => this.listitem(item)).join('')}</${tag}>`;
  },
  listitem({ tokens }) {
    return `<li>${this.parser.parse(tokens)}</li>`;
  },
  code({ text }) {
    return `<pre class="trao-digest trao-command" tabindex="0"><code>${escape(text)}</code></pre>`;
  },
  codespan({ text }) {
    return `<code class="trao-digest">${escape(text)}</code>`;
  },
  table({ header, rows }) {
    const cell = (tag: string, kind: string, tokens: (typeof header)[number]['tokens']) =>
      `<${tag}${tag === 'th' ? ' scope="col"' : ''} class="govuk-table__${kind}">${this.parser.parseInline(tokens)}</${tag}>`;
    const line = (cells: string) => `<tr class="govuk-table__row">${cells}</tr>`;
    const head = line(header.map(({ tokens }) => cell('th', 'header', tokens)).join(''));
    const body = rows.map((row) => line(row.map(({ tokens }) => cell('td', 'cell', tokens)).join(''))).join('');
    return `<table class="govuk-table"><thead class="govuk-table__head">${head}</thead><tbody class="govuk-table__body">${body}</tbody></table>`;
  },
  /** To another runbook; other files are not served here, and other sites are not visited from here. */
  link({ href, tokens }) {
    const text = this.parser.parseInline(tokens);
    const other = /^(?:\.\/)?([a-z_]+)\.md$/.exec(href)?.[1];
    return other === undefined ? text : `<a class="govuk-link" href="/runbooks/${other}">${text}</a>`;
  },
  image: ({ text }) => escape(text),
  html: ({ text }) => escape(text),
};

const marked = new Marked({ gfm: true, async: false }, { renderer: RENDERER });

/** The markdown of a runbook as HTML that may stand in a page as it is. */
export const runbookHtml = (markdown: string): string => marked.parse(markdown, { async: false });
