import type { Request, Response } from 'express';
import { TraoError } from '../errors';
import { asLanguage, LANGUAGE_COOKIE } from '../pages';
import { localPath } from './paths';

const YEAR_MS = 31_536_000_000;

/** Keeps a language on this browser and leads back to the page. @throws TraoError `bad_request` */
export function keepLanguage(to: unknown, back: unknown, request: Request, response: Response): void {
  const language = asLanguage(to);
  if (!language) throw new TraoError('bad_request');
  response.cookie(LANGUAGE_COOKIE, language, {
    maxAge: YEAR_MS,
    sameSite: 'lax',
    secure: request.secure,
    httpOnly: true,
    path: '/',
  });
  response.redirect(303, localPath(back));
}
