import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';

/** The languages of every page. */
export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What people read for a key such as `work:tab.drafts`, with values put in for `{{name}}`. Values are escaped by the template. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/**
 * Reads `{folder}/{en,vi}/{area}.json` of every folder. An area that stands in two folders is one list of keys.
 * @returns the translator of a language; a key that is not there is shown as it is, which a test looks for
 */
export function loadTexts(folders: readonly string[]): (language: Language) => Translate {
  const resources: Record<string, Record<string, object>> = {};
  for (const language of LANGUAGES) {
    const areas: Record<string, object> = (resources[language] = {});
    for (const folder of folders.map((base) => join(base, language))) {
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
        const area = file.replace(/\.json$/, '');
        areas[area] = { ...areas[area], ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object) };
      }
    }
  }
  const instance = start(resources);
  return (language) => {
    const translate = instance.getFixedT(language);
    return (key, values = {}) => String(translate(key, { ...values }));
  };
}

function start(resources: Record<string, Record<string, object>>): i18n {
  const instance = i18next.createInstance();
  void instance.init({
    resources,
    supportedLngs: [...LANGUAGES],
    fallbackLng: false,
    ns: Object.keys(resources[LANGUAGES[0]] ?? {}),
    defaultNS: 'pages',
    // Templates escape; escaping twice would show people the entities.
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  } as Parameters<i18n['init']>[0]);
  return instance;
}
