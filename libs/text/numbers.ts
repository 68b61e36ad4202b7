import type { Language } from './zones';

/** Of the language, never of the machine. Vietnamese groups with a point and has a decimal comma. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', vi: 'vi' };
const UNITS = ['kB', 'MB', 'GB'] as const;

/**
 * A number in figures: 1,234.5 in English, 1.234,5 in Vietnamese.
 * @param digits at most this many after the decimal sign; 0 unless told
 */
export function formatNumber(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/**
 * A size of a file: "1.5 MB" in English, "1,5 MB" in Vietnamese. A kilobyte is 1,000 bytes, as file managers and the standard
 * count. Rounded up to one digit, so that a file above a limit of 10 MB is never shown as 10 MB.
 * @param bytes a whole number, 0 or more
 */
export function formatBytes(bytes: number, language: Language): string {
  if (bytes < 1_000) return `${formatNumber(bytes, language)} B`;
  let [size, unit] = [bytes / 1_000, 0];
  while (rounded(size) >= 1_000 && unit < UNITS.length - 1) [size, unit] = [size / 1_000, unit + 1];
  return `${formatNumber(rounded(size), language, 1)} ${UNITS[unit]}`;
}

/** Up, except for what is only noise of floating point. */
const rounded = (size: number) => Math.ceil(Number((size * 10).toFixed(6))) / 10;
