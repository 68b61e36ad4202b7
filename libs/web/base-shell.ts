import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import {
  createEngine,
  languageOf,
  loadAssets,
  loadTexts,
  nonceOf,
  type Assets,
  type Draw,
  type Frame,
  type Language,
  type Translate,
} from '../pages';
import { formToken, timeLeft, TIME_OUTS } from '../sign-in';
import { formatDate, formatInstant } from '../text';
import { signedIn } from './page-access';

export interface SiteSettings {
  readonly timeZone: string;
  /** The language of whoever has not chosen one. */
  readonly language: Language;
  readonly invented: boolean;
  /** The folder of the app, with its `views` and `locales`. */
  readonly home: string;
}

/** What a page is drawn from. */
export interface PageModel {
  readonly title: string;
  readonly [member: string]: unknown;
}

const LOCALES = join(__dirname, '..', 'pages', 'locales');

/** Draws pages: the frame around every one, in the reader's language. */
export abstract class BaseShell {
  readonly assets: Assets = loadAssets();
  private readonly draw: Draw;
  private readonly texts: (language: Language) => Translate;

  constructor(private readonly site: SiteSettings) {
    this.draw = createEngine([join(site.home, 'views')]);
    this.texts = loadTexts([LOCALES, join(site.home, 'locales')]);
  }

  get timeZone(): string {
    return this.site.timeZone;
  }

  language(request: Request): Language {
    return languageOf(request.headers.cookie, request.headers['accept-language'], this.site.language);
  }

  translator(request: Request): Translate {
    return this.texts(this.language(request));
  }

  /** The texts of one language, whatever the reader's is. */
  textsIn(language: Language): Translate {
    return this.texts(language);
  }

  /** Answers with a page. */
  show(request: Request, response: Response, view: string, model: PageModel, status = 200): void {
    const notice = request.session?.notice;
    if (notice !== undefined) delete request.session.notice;
    const t = this.translator(request);
    const notices = notice === undefined ? [] : [{ type: 'success', text: t(notice) }];
    const html = this.draw(view, { notices, ...model, frame: this.frame(request, response, t) });
    response.status(status).type('html').vary('Accept-Encoding');
    // Lines are slow where people work: a page of 30 kB is one of 5 kB.
    if (request.acceptsEncodings(['gzip']) !== 'gzip') return void response.send(html);
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync(html));
  }

  /** What the frame of this site has besides: who is signed in, where they may go. */
  protected abstract more(request: Request, t: Translate, language: Language): object;

  private frame(request: Request, response: Response, t: Translate): Frame {
    const language = this.language(request);
    const visitor = signedIn(request);
    const who = request.session?.who;
    return {
      language,
      t,
      nonce: nonceOf(response),
      path: request.originalUrl,
      assets: this.assets.urls,
      csrf: visitor && formToken(request),
      invented: this.site.invented,
      session: visitor && who && { leftMs: timeLeft(who, Date.now(), TIME_OUTS) },
      clock: (instant: string | Date) => formatInstant(new Date(instant), this.site.timeZone, language),
      date: formatDate,
      ...this.more(request, t, language),
    };
  }
}

/** The entries of a navigation, the one of this page marked. */
export const navigation = (request: Request, items: readonly { readonly href: string; readonly text: string }[]) =>
  items.map(({ href, text }) => ({
    href,
    text,
    active: request.path === href || request.path.startsWith(`${href}/`),
  }));
