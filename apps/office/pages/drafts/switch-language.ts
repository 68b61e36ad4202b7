import type { Request, Response } from 'express';
import { asLanguage, LANGUAGE_COOKIE } from '../../../../libs/pages';

const YEAR_MS = 31_536_000_000;

/** The language that a form asks for by `then=language:vi`; undefined when it asks for none. */
export const wishedLanguage = (then: unknown) =>
  typeof then === 'string' && then.startsWith('language:') ? asLanguage(then.slice('language:'.length)) : undefined;

/** Keeps the language on this browser when a form asks for another one. True when it did. */
export function switchLanguage(request: Request, response: Response, then: unknown): boolean {
  const language = wishedLanguage(then);
  if (!language) return false;
  response.cookie(LANGUAGE_COOKIE, language, {
    maxAge: YEAR_MS,
    sameSite: 'lax',
    secure: request.secure,
    httpOnly: true,
    path: '/',
  });
  return true;
}
