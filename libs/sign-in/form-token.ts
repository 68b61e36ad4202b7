import { csrfSync } from 'csrf-sync';
import type { Request } from 'express';

/** Where scripts of our pages put the token. */
export const TOKEN_HEADER = 'x-trao-form-token';

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => {
    const { _csrf: field } = (request.body ?? {}) as { readonly _csrf?: unknown };
    return typeof field === 'string' ? field : request.get(TOKEN_HEADER);
  },
});

/** The text that every form of this session must carry. */
export const formToken = (request: Request): string => generateToken(request);

/** True when a form was drawn for this session: no other site can know its token. */
export const isOwnForm = (request: Request): boolean => isRequestValid(request);
