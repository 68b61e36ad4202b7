import type { Request } from 'express';
import { LANGUAGE_COOKIE, type Language } from '../../../../libs/pages';

/** The request as the browser would send it with its new language: for pages that answer a form without a redirect. */
export function withLanguage(request: Request, language: Language): Request {
  request.headers.cookie = [`${LANGUAGE_COOKIE}=${language}`, ...otherCookies(request)].join('; ');
  return request;
}

const otherCookies = ({ headers }: Request) =>
  (headers.cookie ?? '').split(/;\s*/).filter((cookie) => cookie !== '' && !cookie.startsWith(`${LANGUAGE_COOKIE}=`));
