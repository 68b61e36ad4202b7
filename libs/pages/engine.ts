import { dirname, join } from 'node:path';
import nunjucks from 'nunjucks';
import type { Translate } from './texts';

/** What every page is drawn with besides its own model. */
export interface Frame {
  readonly language: 'vi' | 'en';
  readonly t: Translate;
  /** Of the content security policy: the one script of a page carries it. */
  readonly nonce: string;
  /** The path with its query, for the language switch and for coming back. */
  readonly path: string;
  readonly assets: { readonly css: string; readonly js: string; readonly govuk: string; readonly icon: string };
  /** Text that every form must carry; undefined for somebody who is not signed in. */
  readonly csrf: string | undefined;
  readonly [more: string]: unknown;
}

/** Draws the template `name` (such as `work/queue.njk`). @throws what the template throws: a fault of ours */
export type Draw = (name: string, model: object) => string;

const OWN_VIEWS = join(__dirname, 'views');

/** Templates of `folders`, then those of this lib, then the components of govuk-frontend. Everything is escaped unless marked safe. */
export function createEngine(folders: readonly string[]): Draw {
  const govuk = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist');
  const loader = new nunjucks.FileSystemLoader([...folders, OWN_VIEWS, govuk], { watch: false, noCache: false });
  const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true });
  return (name, model) => environment.render(name, model);
}
