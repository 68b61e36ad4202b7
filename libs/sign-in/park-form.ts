import { decryptAtRest, encryptAtRest } from '../envelope';
import type { ParkedForm } from './sessions';

/** The fields of a form as the browser sent them. */
export type PostedForm = Readonly<Record<string, string | readonly string[]>>;

/** Longer forms are not kept: an answer has at most some thousand characters. */
const MAX_CHARACTERS = 200_000;
const NEVER_KEPT = ['_csrf', 'base', 'then'];

/**
 * Keeps what somebody sent after their session had ended, until they are back. It may be about a person, so it is encrypted to the unit.
 * @param storageKey 32 bytes
 * @returns undefined for what is too long to keep
 */
export function parkForm(
  officer: string,
  path: string,
  form: PostedForm,
  storageKey: Uint8Array,
): ParkedForm | undefined {
  const kept = Object.fromEntries(Object.entries(form).filter(([name]) => !NEVER_KEPT.includes(name)));
  const text = JSON.stringify(kept);
  if (text.length > MAX_CHARACTERS) return undefined;
  const sealed = encryptAtRest(storageKey, Buffer.from(text), row(officer, path));
  return { officer, path, sealed: Buffer.from(sealed).toString('base64url') };
}

/** The form again, for its author on its page; undefined for everybody and everything else. */
export function parkedForm(
  parked: ParkedForm | undefined,
  officer: string,
  path: string,
  storageKey: Uint8Array,
): PostedForm | undefined {
  if (parked?.officer !== officer || parked.path !== path) return undefined;
  try {
    const text = decryptAtRest(storageKey, Buffer.from(parked.sealed, 'base64url'), row(officer, path));
    return JSON.parse(Buffer.from(text).toString()) as PostedForm;
  } catch {
    // Sealed under a key of before: it is gone, and the page says what is stored.
    return undefined;
  }
}

const row = (officer: string, path: string) => ['parked_form', officer, path];
