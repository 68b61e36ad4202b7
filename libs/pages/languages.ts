import { LANGUAGES, type Language } from './texts';

/** The cookie that remembers the language on this browser; it says nothing else. */
export const LANGUAGE_COOKIE = 'trao_language';

/** The language of a text that names one, or undefined. */
export function asLanguage(value: unknown): Language | undefined {
  return LANGUAGES.find((language) => language === value);
}

/**
 * The language in which somebody reads: what they chose on this browser, what the browser asks for, the node's own.
 * @param cookies the `Cookie` header
 * @param accepts the `Accept-Language` header
 */
export function languageOf(cookies: string | undefined, accepts: string | undefined, own: Language): Language {
  const chosen = new RegExp(`(?:^|;\\s*)${LANGUAGE_COOKIE}=(\\w+)`).exec(cookies ?? '')?.[1];
  return asLanguage(chosen) ?? accepted(accepts ?? '') ?? own;
}

/** The first of our languages in the order that the browser prefers. */
function accepted(header: string): Language | undefined {
  const wishes = header.split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';');
    const weight = parameters.map((text) => /^\s*q=([\d.]+)/.exec(text)?.[1]).find((q) => q !== undefined);
    return { language: asLanguage(tag.slice(0, 2).toLowerCase()), weight: Number(weight ?? 1) };
  });
  const known = wishes.filter(({ language, weight }) => language !== undefined && weight > 0);
  return known.toSorted((a, b) => b.weight - a.weight)[0]?.language;
}
