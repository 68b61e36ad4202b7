import path from 'node:path';
import { ROOT } from './cruise';
import { projectFiles } from './sources';
import { missing, namedIn, placesIn, textsOf, unused } from './texts';

const FOLDERS = ['libs/pages/locales', 'apps/office/locales'].map((folder) => path.join(ROOT, folder));
const [vi, en] = [textsOf(FOLDERS, 'vi'), textsOf(FOLDERS, 'en')];
const AREAS = [...new Set(Object.keys(en).map((key) => key.split(':')[0]!))];

/** Sources and templates of everything that shows pages of the office. */
const FILES = Object.entries(projectFiles(ROOT)).filter(
  ([file]) => /^(?:apps\/office|libs\/(?:pages|sign-in|web))\/.*\.(?:ts|njk|js)$/.test(file) && !file.endsWith('.spec.ts'),
);
const named = FILES.map(([file, source]) => ({ file, ...namedIn(source, AREAS) }));
const all = { keys: named.flatMap(({ keys }) => keys), beginnings: named.flatMap(({ beginnings }) => beginnings) };

/** Words that are the same in both languages. */
const SAME = /^(?:[\p{P}\p{S}\d\s]*|Trao|PDF|NRM|E-?mail|OK|\{\{\w+\}\}[\p{P}\s]*(?:\{\{\w+\}\}[\p{P}\s]*)*)$/u;

describe('the texts of pages', () => {
  it('are read at all', () => expect(Object.keys(en).length).toBeGreaterThan(100));

  it('have the same keys in both languages', () => expect(Object.keys(vi).sort()).toEqual(Object.keys(en).sort()));

  it('have the same values put in, in both languages', () => {
    const apart = Object.keys(en).filter((key) => String(placesIn(vi[key] ?? '')) !== String(placesIn(en[key]!)));
    expect(apart).toEqual([]);
  });

  it.each(Object.entries({ vi, en }))('have no empty text and no space around one in %s', (_language, texts) => {
    expect(Object.entries(texts).filter(([, text]) => text.trim() !== text || text === '')).toEqual([]);
  });

  it('are Vietnamese where they should be', () => {
    expect(Object.keys(en).filter((key) => vi[key] === en[key] && !SAME.test(en[key]!))).toEqual([]);
  });

  it('are written as one does in NFC', () => {
    expect(Object.entries({ ...en, ...vi }).filter(([, text]) => text !== text.normalize('NFC'))).toEqual([]);
  });

  it('are there for every key that a page names', () => {
    const faults = named.flatMap(({ file, ...keys }) => missing(keys, en).map((key) => `${file}: ${key}`));
    expect(faults).toEqual([]);
  });

  it('are all used', () => expect(unused(all, en)).toEqual([]));
});

describe('the search for keys', () => {
  it('finds whole keys and beginnings', () => {
    const source =
      "t('office:a.b') t(`office:a.${x}`) \"office:c.\" + d 'other:x' `office:e` once(`office:${id}`) t(`office:${area}.title`)";
    expect(namedIn(source, ['office'])).toEqual({
      keys: ['office:a.b', 'office:e'],
      beginnings: ['office:a.', 'office:c.', 'office:'],
    });
  });

  it('tells what is missing and what is not used', () => {
    const texts = { 'office:a.b': 'x', 'office:n_one': 'x', 'office:n_other': 'x', 'office:z': 'x' };
    const named = { keys: ['office:a.b', 'office:n', 'office:q'], beginnings: ['office:a.', 'office:y.'] };
    expect(missing(named, texts)).toEqual(['office:q', 'office:y.']);
    expect(unused(named, texts)).toEqual(['office:z']);
  });
});
