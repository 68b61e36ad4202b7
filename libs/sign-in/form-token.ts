import { randomBytes } from 'node:crypto';
import { csrfSync } from 'csrf-sync';
import type { Request } from 'express';

/** Where scripts of our pages put the token. */
export const TOKEN_HEADER = 'x-trao-form-token';

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (request) => {
    const { _csrf: field } = (request.body ?? {}) as { readonly _csrf?: unknown };
    return unmasked(typeof field === 'string' ? field : request.get(TOKEN_HEADER));
  },
});

/**
 * The text that every form of this session must carry. It looks different on every page: pages are compressed, and from lengths of pages
 * with one secret in them the secret can be guessed (BREACH).
 */
export function formToken(request: Request): string {
  const token = Buffer.from(generateToken(request), 'hex');
  const mask = randomBytes(token.length);
  return `${mask.toString('base64url')}.${xor(token, mask).toString('base64url')}`;
}

/** True when a form was drawn for this session: no other site can know its token. */
export const isOwnForm = (request: Request): boolean => isRequestValid(request);

function unmasked(text: string | undefined): string | undefined {
  const [mask, masked] = (text ?? '').split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!mask || !masked || mask.length !== masked.length) return undefined;
  return xor(masked, mask).toString('hex');
}

const xor = (bytes: Buffer, mask: Buffer) => Buffer.from(bytes.map((byte, at) => byte ^ mask[at]!));
