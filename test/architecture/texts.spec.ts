import path from 'node:path';
import { ROOT } from './cruise';
import { projectFiles } from './sources';
import { missing, namedIn, placesIn, textsOf, unused } from './texts';

/** Apps with pages. Both draw the texts of libs/pages; their own areas may have the same names. */
const APPS = ['office', 'monitor'] as const;

const SOURCES = Object.entries(projectFiles(ROOT)).filter(
  ([file]) => /\.(?:ts|njk|js)$/.test(file) && !file.endsWith('.spec.ts'),
);

/** The texts of an app, and what its sources and templates name of them. */
function pagesOf(app: (typeof APPS)[number]) {
  const folders = ['libs/pages/locales', `apps/${app}/locales`].map((folder) => path.join(ROOT, folder));
  const [vi, en] = [textsOf(folders, 'vi'), textsOf(folders, 'en')];
  const areas = [...new Set(Object.keys(en).map((key) => key.split(':')[0]!))];
  const ofApp = new RegExp(`^(?:apps/${app}|libs/(?:pages|sign-in|web))/`);
  const named = SOURCES.filter(([file]) => ofApp.test(file)).map(([file, source]) => ({
    file,
    ...namedIn(source, areas),
  }));
  return { vi, en, named };
}

const BY_APP = Object.fromEntries(APPS.map((app) => [app, pagesOf(app)])) as Record<
  (typeof APPS)[number],
  ReturnType<typeof pagesOf>
>;
/** What any app names: texts of libs/pages need not be used by all of them. */
const everywhere = Object.values(BY_APP).flatMap(({ named }) => named);

/** Words that are the same in both languages. */
const SAME = /^(?:[\p{P}\p{S}\d\s]*|Trao|PDF|NRM|E-?mail|OK|\{\{\w+\}\}[\p{P}\s]*(?:\{\{\w+\}\}[\p{P}\s]*)*)$/u;

describe.each(APPS)('the texts of the %s', (app) => {
  const { vi, en, named } = BY_APP[app];

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

  it('are all used', () => {
    const all = [...named, ...everywhere.filter(({ file }) => file.startsWith('apps/'))];
    const shared = { keys: all.flatMap(({ keys }) => keys), beginnings: all.flatMap(({ beginnings }) => beginnings) };
    const own = { keys: named.flatMap(({ keys }) => keys), beginnings: named.flatMap(({ beginnings }) => beginnings) };
    const left = unused(own, en).filter((key) => !key.startsWith('pages:') || unused(shared, { [key]: '' }).length > 0);
    expect(left).toEqual([]);
  });
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
