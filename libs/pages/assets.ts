import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file that pages load. Its name changes with its content, so that browsers keep it for ever. */
export interface Asset {
  readonly url: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

export interface Assets {
  readonly urls: { readonly css: string; readonly js: string; readonly govuk: string; readonly icon: string };
  /** The asset at a path such as `/assets/trao-1a2b3c4d.css`. */
  readonly at: (path: string) => Asset | undefined;
}

const FOLDER = '/assets/';
/** Two hands of one line: from one to the other. No emblem of any state. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0f4c5c"/>' +
  '<path d="M6 12h14l-4-4M26 20H12l4 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** Style and scripts, read once. The style is compiled from styles/trao.scss when Trao is built. */
export function loadAssets(): Assets {
  const govuk = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist', 'govuk');
  const css = asset('trao', 'css', 'text/css; charset=utf-8', readFileSync(join(__dirname, 'styles', 'trao.css')));
  const js = asset('trao', 'js', 'text/javascript; charset=utf-8', readFileSync(join(__dirname, 'scripts', 'trao.js')));
  const script = readFileSync(join(govuk, 'govuk-frontend.min.js'), 'utf8').replace(
    /\n\/\/# sourceMappingURL=.*\n?$/,
    '\n',
  );
  const components = asset('govuk', 'js', 'text/javascript; charset=utf-8', Buffer.from(script));
  const icon = asset('icon', 'svg', 'image/svg+xml', Buffer.from(ICON));
  const all = new Map([css, js, components, icon].map((one) => [one.url, one]));
  return { urls: { css: css.url, js: js.url, govuk: components.url, icon: icon.url }, at: (path) => all.get(path) };
}

function asset(name: string, ending: string, type: string, bytes: Buffer): Asset {
  const mark = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { url: `${FOLDER}${name}-${mark}.${ending}`, type, bytes, gzipped: gzipSync(bytes, { level: 9 }) };
}
