import type { Posted } from './field';

/**
 * The longest text of one control that is read, in UTF-16 code units; no field of the contract allows a third of it. What is
 * beyond the limit of its field but below this one is kept, and the schema says that it is too long.
 */
const MOST = 10_000;

/**
 * The text that was posted under `name`, in normal form C, without blanks around it and with line feeds alone between lines;
 * undefined when nothing was. Of several under one name the first counts.
 */
export function textOf(posted: Posted, name: string): string | undefined {
  const [text] = textsOf(posted, name);
  return text;
}

/** The texts that were posted under `name`, without empty ones. */
export function textsOf(posted: Posted, name: string): readonly string[] {
  const value = Object.hasOwn(posted, name) ? posted[name] : undefined;
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.flatMap((text) => (typeof text === 'string' ? clean(text) : []));
}

function clean(text: string): readonly string[] {
  const cleaned = text.slice(0, MOST).replaceAll(/\r\n?/g, '\n').normalize('NFC').trim();
  return cleaned === '' ? [] : [cleaned];
}
