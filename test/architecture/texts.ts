import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The texts of a language by full key, such as `office:work.title`. */
export type Texts = Readonly<Record<string, string>>;

/** Reads `{folder}/{language}/{area}.json` of all folders, as the pages do. */
export function textsOf(folders: readonly string[], language: string): Texts {
  const texts: Record<string, string> = {};
  for (const folder of folders.map((base) => path.join(base, language))) {
    for (const file of readdirSync(folder)) {
      const area = path.basename(file, '.json');
      add(texts, `${area}:`, JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    }
  }
  return texts;
}

function add(texts: Record<string, string>, key: string, value: unknown): void {
  if (typeof value === 'string') return void (texts[key] = value);
  for (const [name, each] of Object.entries(value as object))
    add(texts, key.endsWith(':') ? key + name : `${key}.${name}`, each);
}

/** The names that a text has put into it: `{{time}}` → `time`. */
export const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name!).sort();

/** What a source or template names of the texts: whole keys, and beginnings that something is put behind. */
export interface Named {
  readonly keys: readonly string[];
  readonly beginnings: readonly string[];
}

/**
 * Finds keys of `areas` in quotes. What ends with a dot, or goes on with `${`, is a beginning; one that is no more than an area counts
 * only where it is translated at once, because other names look like it.
 */
export function namedIn(source: string, areas: readonly string[]): Named {
  const literal = new RegExp(`(\\bt\\()?['"\`]((?:${areas.join('|')}):[\\w.-]*)(\\$\\{|['"\`])`, 'g');
  const named: { keys: string[]; beginnings: string[] } = { keys: [], beginnings: [] };
  for (const [, translated, key, end] of source.matchAll(literal)) {
    const whole = end !== '${' && !key!.endsWith('.') && !key!.endsWith(':');
    if (whole) named.keys.push(key!);
    else if (translated || !key!.endsWith(':')) named.beginnings.push(key!);
  }
  return named;
}

/** i18next chooses among `key_one`, `key_other` by a number. */
const FORMS = ['', '_zero', '_one', '_two', '_few', '_many', '_other'];

/** What is named and not there. */
export function missing({ keys, beginnings }: Named, texts: Texts): string[] {
  const all = Object.keys(texts);
  return [
    ...keys.filter((key) => !FORMS.some((form) => texts[key + form] !== undefined)),
    ...beginnings.filter((beginning) => !all.some((key) => key.startsWith(beginning))),
  ];
}

/** What is there and named nowhere. */
export function unused({ keys, beginnings }: Named, texts: Texts): string[] {
  const wanted = new Set(keys.flatMap((key) => FORMS.map((form) => key + form)));
  return Object.keys(texts).filter(
    (key) => !wanted.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)),
  );
}
