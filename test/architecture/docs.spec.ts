import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const DOCS = ['README.md', ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })]
  .filter((name) => name.endsWith('.md'))
  .map((name) => (name === 'README.md' ? [name, 'docs/README.md'] : [`docs/${name}`]))
  .flat();

/** Names in backticks that are paths of the repository; patterns and made-up names are not. */
const PATH = /`((?:apps|bin|certs-dev|docs|libs|schemas|test)\/[A-Za-z0-9._/-]+)`/g;

describe('the documentation', () => {
  it.each([...new Set(DOCS)])('%s names only files that are there', (file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const named = [...text.matchAll(PATH)].map(([, name]) => name!);
    expect(named.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
  });
});
