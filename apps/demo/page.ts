import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Language } from './demo-config';
import { STYLE } from './style';
import { TEXTS } from './texts';

const STYLE_PATH = '/style.css';

/** A piece of HTML, in which everything that came from outside is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** Template tag: texts are escaped, pieces of HTML and lists of them stand as they are. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return new Html(parts.reduce((all, part, index) => all + inserted(values[index - 1]!) + part));
}

function inserted(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(({ text }) => text).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);

/** What a page of the demonstration may load and where its forms may lead: nothing foreign, no script, no inline style. */
function policy(formTargets: readonly string[]): string {
  const targets = ["'self'", ...formTargets].join(' ');
  return `default-src 'none'; style-src 'self'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`;
}

export const headersOf = (formTargets: readonly string[] = []): Readonly<Record<string, string>> => ({
  'content-security-policy': policy(formTargets),
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
});

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** The same page in the other language. */
  readonly otherLanguage?: string;
}

/** A whole document. That all of it is invented stands on top of every page. */
export function documentOf({ language, title, body, otherLanguage }: Page): string {
  const other = language === 'en' ? 'vi' : 'en';
  const texts = TEXTS[language];
  const change =
    otherLanguage === undefined
      ? html``
      : html`<nav aria-label="${texts.language}">
          <a href="${otherLanguage}" lang="${other}" hreflang="${other}">${TEXTS[other].ownName}</a>
        </nav>`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <header>
          <p class="brand">${texts.brand}</p>
          ${change}
        </header>
        <main>
          <p class="notice"><strong>${texts.invented}</strong></p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.text;
}

export function sendPage(response: ServerResponse, status: number, page: Page, formTargets?: readonly string[]): void {
  response.writeHead(status, { ...headersOf(formTargets), 'content-type': 'text/html; charset=utf-8' });
  response.end(documentOf(page));
}

/** Serves the style sheet. @returns whether the request was for it */
export function sendStyle(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.url !== STYLE_PATH) return false;
  response.writeHead(200, { ...headersOf(), 'content-type': 'text/css; charset=utf-8' });
  response.end(STYLE);
  return true;
}

/** The language that is asked for, or else the first one of the browser that Trao speaks. */
export function languageOf(request: IncomingMessage, asked: unknown): Language {
  const wishes = [...(typeof asked === 'string' ? asked.split(' ') : []), ...browserLanguages(request)];
  return (
    wishes.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag): tag is Language => tag === 'en' || tag === 'vi') ??
    'en'
  );
}

const browserLanguages = (request: IncomingMessage) =>
  (request.headers['accept-language'] ?? '').split(',').map((part) => part.trim());
