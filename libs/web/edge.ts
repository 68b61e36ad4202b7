import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Store } from 'express-session';
import { guardHeaders, type Assets } from '../pages';
import { sessions, TIME_OUTS } from '../sign-in';
import { isForPrograms } from './paths';

export interface EdgeSettings {
  readonly store: Store;
  readonly sessionSecrets: readonly string[];
  readonly publicUrl: string;
  /** The identity provider's origin: forms of ours may lead there. */
  readonly providerOrigin: string;
  readonly assets: Assets;
  /** Of the cookie of sessions: cookies know hosts, not what runs there. */
  readonly cookie: string;
}

const FORM_BYTES = 512 * 1024;
const FORM_FIELDS = 2_000;
const YEAR_S = 31_536_000;

/** What stands before every page: assets, headers, session, the fields of a form. The interface of programs goes past all of it. */
export function usePages(
  app: NestExpressApplication,
  { store, sessionSecrets, publicUrl, providerOrigin, assets, cookie }: EdgeSettings,
): void {
  const https = publicUrl.startsWith('https:');
  // Cookies know hosts, not ports.
  const name = [cookie, new URL(publicUrl).port].filter(Boolean).join('_');
  const chain: RequestHandler[] = [
    serveAssets(assets),
    guardHeaders([providerOrigin], https),
    sessions({ store, secrets: sessionSecrets, name, https, absoluteMs: TIME_OUTS.absoluteMs }),
    savedBeforeRedirect,
    express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: FORM_FIELDS }),
    // A form without fields is a form.
    (request, _response, next) => {
      request.body ??= {};
      next();
    },
  ];
  for (const handler of chain) app.use(forPages(handler));
}

function forPages(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (isForPrograms(request.path)) return next();
    void handler(request, response, next);
  };
}

function serveAssets({ at }: Assets) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const asset = request.method === 'GET' ? at(request.path) : undefined;
    if (!asset) return next();
    const zipped = request.acceptsEncodings(['gzip']) === 'gzip';
    response.setHeader('Content-Type', asset.type);
    response.setHeader('Cache-Control', `public, max-age=${YEAR_S}, immutable`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Vary', 'Accept-Encoding');
    if (zipped) response.setHeader('Content-Encoding', 'gzip');
    response.end(zipped ? asset.gzipped : asset.bytes);
  };
}

/**
 * The browser follows a redirect as soon as it sees it, so what the next page needs of the session is stored before it leaves. A session
 * that holds nothing is not stored.
 */
function savedBeforeRedirect(request: Request, response: Response, next: NextFunction): void {
  const leave = response.redirect.bind(response) as (status: number, url: string) => void;
  response.redirect = ((status: number, url: string) => {
    const { cookie: _cookie, ...held } = request.session ?? {};
    if (Object.keys(held).length === 0) return leave(status, url);
    request.session.save((error: unknown) => (error ? next(error) : leave(status, url)));
  }) as Response['redirect'];
  next();
}
