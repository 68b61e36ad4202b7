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
} from '../../../../libs/pages';
import { labelOf } from '../../../../libs/schema';
import { formToken, timeLeft, TIME_OUTS } from '../../../../libs/sign-in';
import { clockParts, formatDate, formatInstant } from '../../../../libs/text';
import { findVisitor, holdsOne, READERS } from './page-access';

export interface ShellSettings {
  readonly node: string;
  readonly timeZone: string;
  readonly language: Language;
  readonly invented: boolean;
  /** How people call an officer of this office, by the id of their entry. */
  readonly nameOf: (officer: string) => string;
}

/** What a page is drawn from. */
export interface PageModel {
  readonly title: string;
  readonly [member: string]: unknown;
}

const OFFICE = join(__dirname, '..', '..');
const PAGES = join(OFFICE, '..', '..', 'libs', 'pages');

/** Draws pages: the frame around every one, in the reader's language. */
export class Shell {
  readonly assets: Assets = loadAssets();
  private readonly draw: Draw = createEngine([join(OFFICE, 'views')]);
  private readonly texts = loadTexts([join(PAGES, 'locales'), join(OFFICE, 'locales')]);

  constructor(private readonly settings: ShellSettings) {}

  get timeZone(): string {
    return this.settings.timeZone;
  }

  nameOf = (officer: string): string => this.settings.nameOf(officer);

  /** The time of day in the office's zone. */
  time(instant: Date): string {
    return clockParts(instant, this.settings.timeZone, 'en').time;
  }

  /** A month of the calendar, YYYY-MM, as people write it. */
  month(month: string): string {
    return formatDate(month);
  }

  language(request: Request): Language {
    return languageOf(request.headers.cookie, request.headers['accept-language'], this.settings.language);
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
    // Lines are slow where officers work: a page of 30 kB is one of 5 kB.
    if (request.acceptsEncodings(['gzip']) !== 'gzip') return void response.send(html);
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync(html));
  }

  private frame(request: Request, response: Response, t: Translate): Frame {
    const language = this.language(request);
    const officer = findVisitor(request);
    const who = request.session?.who;
    return {
      language,
      t,
      nonce: nonceOf(response),
      path: request.originalUrl,
      assets: this.assets.urls,
      csrf: officer && formToken(request),
      node: t(`office:node.${this.settings.node}`),
      invented: this.settings.invented,
      officer: officer && {
        id: officer.id,
        name: officer.name ?? officer.id,
        unit: unitName(officer.unit, language),
        roles: officer.roles,
      },
      session: officer && who && { leftMs: timeLeft(who, Date.now(), TIME_OUTS) },
      navigation: officer && navigationOf(request, t, holdsOne(officer, READERS), officer.roles),
      unit: (id: string) => unitName(id, language),
      label: (list: string, code: string) => labelOf(list, code, language) ?? code,
      clock: (instant: string | Date) => formatInstant(new Date(instant), this.settings.timeZone, language),
      date: formatDate,
    };
  }
}

/** The name of a unit for people; its id where the list does not know it. */
export function unitName(id: string, language: Language): string {
  return labelOf('units', id, language) ?? id;
}

function navigationOf(request: Request, t: Translate, reads: boolean, roles: readonly string[]) {
  const writes = ['case_officer', 'liaison_officer', 'caseworker'].some((role) => roles.includes(role));
  const items = [
    ...(reads ? [item('/work', 'work'), item('/cases', 'cases')] : []),
    ...(writes ? [item('/new', 'new')] : []),
    ...(roles.includes('statistics_officer') || reads ? [item('/statistics', 'statistics')] : []),
    ...(roles.includes('auditor') || roles.includes('dpo') ? [item('/access', 'access')] : []),
    item('/settings', 'settings'),
  ];
  return items.map(({ href, text }) => ({
    href,
    text,
    active: request.path === href || request.path.startsWith(`${href}/`),
  }));
  function item(href: string, key: string) {
    return { href, text: t(`office:navigation.${key}`) };
  }
}
