import { codeList, fieldRule, fieldRules, type Lang } from '../schema';
import { formOf, type Field, type FormTarget } from '.';
import { LABELS, labelFor, titleOf, wordsOf } from './labels';
import { gradedPath } from './matrix';
import { SECTIONS } from './sections';
import en from './labels/en/sections.json';
import vi from './labels/vi/sections.json';

const LANGUAGES: readonly Lang[] = ['en', 'vi'];
const TARGETS = [
  ...codeList('messageType')!.entries.map(({ code }) => code),
  'consentRecord',
  'overrideRecord',
] as FormTarget[];

/** Every field of every form, the fields of rows included. */
function everyField(language: Lang): { readonly target: FormTarget; readonly field: Field }[] {
  const below = (field: Field): Field[] => {
    if (field.kind === 'group') return [field, ...field.members.flatMap(below)];
    return field.kind === 'list' ? [field, ...below(field.item)] : [field];
  };
  return TARGETS.flatMap((target) =>
    formOf(target, { language })
      .flatMap(below)
      .map((field) => ({ target, field })),
  );
}

const shared = (key: string) => `*${key.slice(key.lastIndexOf('.'))}`;
/** The keys of all texts in an object of any depth, with its texts. */
function textsIn(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]];
  return Object.entries(value as object).flatMap(([name, member]) => textsIn(member, `${at}/${name}`));
}

describe.each(LANGUAGES)('labels in %s', (language) => {
  const fields = everyField(language);

  it('are there for every field, in one place', () => {
    const inMatrix = ({ target, field }: (typeof fields)[number]) => {
      const path = field.key.endsWith('[]') ? undefined : gradedPath(target, field.path);
      return path !== undefined && fieldRule(path) !== undefined;
    };
    const without = fields.filter(({ field }) => field.label === field.key).map(({ field }) => field.key);
    expect(without).toEqual([]);
    const twice = fields.filter((one) => inMatrix(one) && LABELS[language][one.field.key]?.label !== undefined);
    expect(twice.map(({ field }) => field.key)).toEqual([]);
  });

  it('are all for some field', () => {
    const used = new Set(fields.flatMap(({ field }) => [field.key, shared(field.key)]));
    expect(Object.keys(LABELS[language]).filter((key) => !used.has(key))).toEqual([]);
  });

  it('give every code a name of its own', () => {
    for (const { field } of fields) {
      const options = ('options' in field && !field.numeric && field.options) || undefined;
      if (!options) continue;
      expect(options.length).toBeGreaterThan(0);
      expect(options.filter(({ value, label }) => label === value && /_/.test(value))).toEqual([]);
      expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
    }
  });

  it('are texts in normal form C, trimmed, and hints are sentences', () => {
    const texts = textsIn({ labels: LABELS[language], words: wordsOf(language), titles: { en, vi }[language] });
    for (const [key, text] of texts) {
      expect([key, text]).toEqual([key, text.normalize('NFC').trim()]);
      expect([key, text]).not.toEqual([key, '']);
    }
    const ending = (end: string) => texts.filter(([key]) => key.endsWith(end)).map(([, text]) => text);
    expect(ending('/label').filter((text) => /[.:]$/.test(text))).toEqual([]);
    expect(ending('/hint').filter((text) => !text.endsWith('.'))).toEqual([]);
  });

  it('name every section and page', () => {
    for (const { id, pages } of SECTIONS) {
      for (const key of [id, ...pages.map((page) => `${id}/${page.id}`)])
        expect(titleOf(key, language)).toMatch(/^\p{Lu}/u);
    }
  });
});

describe('the two languages', () => {
  it.each([
    ['labels', LABELS.en, LABELS.vi],
    ['words', wordsOf('en'), wordsOf('vi')],
    ['titles', en, vi],
  ])('have the same keys of %s', (_name, one, other) => {
    expect(textsIn(other).map(([key]) => key)).toEqual(textsIn(one).map(([key]) => key));
    const places = (texts: object) =>
      textsIn(texts).map(([key, text]) => [key, [...text.matchAll(/\{\d\}|%\{count\}/g)].map(String).toSorted()]);
    expect(places(other)).toEqual(places(one));
  });

  it('say what a phone number and the contact details of exploiters are about', () => {
    expect(LABELS.en['referral/safeContact.value']!.hint).toBe(
      'Check that these are not the contact details of the exploiters.',
    );
    expect(LABELS.vi['referral/safeContact.value']!.hint).toContain(
      'không phải là thông tin liên lạc của những người bóc lột',
    );
  });
});

describe('labelFor', () => {
  it('asks for an answer in a sentence', () => {
    expect(labelFor('referral/personName.full', undefined, 'en').asked).toBe('the full name');
    expect(labelFor('referral/personName.full', undefined, 'vi').asked).toBe('họ và tên');
    expect(labelFor('referral/question.code', undefined, 'en').asked).toBe('what you ask');
    expect(labelFor('referral/health.fitToTravel', undefined, 'en').asked).toBe('whether the person is fit to travel');
  });

  it('takes the label of the matrix, or of all members with that name, or else the key', () => {
    expect(labelFor('referral/person.gender', 'person.gender', 'vi').label).toBe('Giới tính');
    expect(labelFor('ack.contact', undefined, 'en').label).toBe('Who answers for your unit');
    expect(labelFor('gone/field.NEW', undefined, 'en')).toEqual({
      label: 'gone/field.NEW',
      asked: 'the gone/field.NEW',
    });
    expect(labelFor('NRM.x', undefined, 'en').asked).toBe('the NRM.x');
    expect(fieldRules().every(({ label }) => label.en !== label.vi)).toBe(true);
  });
});
