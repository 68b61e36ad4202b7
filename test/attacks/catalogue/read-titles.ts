import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test that names an attack at the beginning of its title. */
export interface Named {
  readonly id: string;
  readonly file: string;
}

/** What stands before a text that is the title of a group. */
const GROUP = /\bdescribe\(\s*$/;
const TITLE = /(['"`])([A-I]-\d\d(?:(?!\1)[^\n])*)\1/g;

/** It looks at the titles of the others. */
const CHECK = 'catalogue.spec.ts';

/** All tests in a folder that name an attack, file by file. */
export function namedTests(folder: string): Named[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.spec.ts') && file !== CHECK);
  return files
    .toSorted()
    .flatMap((file) => namedIn(readFileSync(join(folder, file), 'utf8')).map((id) => ({ id, file })));
}

/** The ids in the titles of tests. A title may name two: `A-16 …, A-17 …`. Groups test nothing by themselves. */
export function namedIn(source: string): string[] {
  return [...source.matchAll(TITLE)].flatMap(({ index, 2: title }) =>
    GROUP.test(source.slice(0, index)) ? [] : [...title!.matchAll(/\b[A-I]-\d\d\b/g)].map(([id]) => id),
  );
}
