import { codeList, fieldRules, followed, schemaPlace, type Purpose } from '../schema';
import { formOf, hasAnswer, mergePart, questionsOf, readForm, sectionsOf, valuesOf, type Field } from '.';
import { truthOf, rulingOf } from './conditions';
import { answersOf, validExamples, withInner } from './fixtures/examples';
import { SECTIONS } from './sections';

const PURPOSES = codeList('purpose')!.entries.map(({ code }) => code as Purpose);
const choice = (purpose: Purpose) => ({ purpose, language: 'en' as const, timeZone: 'Asia/Ho_Chi_Minh' });
const planned = SECTIONS.flatMap(({ id, pages }) => pages.map((page) => ({ ...page, section: id })));
const covers = (paths: readonly string[], path: string) =>
  paths.some((one) => path === one || path.startsWith(`${one}.`));
const pageOf = (id: string) => planned.find((page) => page.id === id)!;
const asked = (id: string, purpose: Purpose, document: unknown) =>
  questionsOf(pageOf(id), document, choice(purpose)).map(({ path }) => path);

describe('the pages', () => {
  it('ask for every path of the matrix that can be answered, each on exactly one page', () => {
    const paths = fieldRules()
      .map(({ path }) => path)
      .filter((path) => !/^(?:header\.|handoverPlan$|outcome$|followup$)/.test(path));
    const counts = paths.map((path) => [
      path,
      planned.filter((page) => covers(page.paths, path) || covers([path], page.paths[0]!)).length,
    ]);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it.each(PURPOSES)('ask for every question of a referral for %s exactly once', (purpose) => {
    const leaves = (fields: readonly Field[]) =>
      withInner(fields)
        .filter(({ kind }) => kind !== 'group' && kind !== 'list')
        .map(({ path }) => path);
    const pages = sectionsOf(purpose, 'en').flatMap((section) => section.pages);
    const onPages = pages.flatMap(({ paths }) => leaves(formOf('referral', { ...choice(purpose), paths })));
    expect(onPages.toSorted()).toEqual(leaves(formOf('referral', choice(purpose))).toSorted());
  });

  it('have titles in both languages, and sections without pages are left out', () => {
    const ids = (purpose: Purpose) => sectionsOf(purpose, 'vi').map(({ id }) => id);
    expect(ids('PROTECT')).toEqual(SECTIONS.map(({ id }) => id));
    expect(ids('VERIFY')).not.toContain('others');
    expect(sectionsOf('VERIFY', 'vi')[0]!.pages.map(({ title }) => title)).toContain('Nơi sinh');
    expect(sectionsOf('PROTECT', 'en')[0]!.pages.map(({ id }) => id)).not.toContain('birthplace');
  });
});

describe('a referral answered page by page', () => {
  const referrals = validExamples('referral/v1').filter(([, { header }]) => header?.messageType === 'referral');

  it.each(referrals)('%s comes out whole', (_file, example) => {
    const { purpose } = example.header as { purpose: Purpose };
    let document: { readonly [member: string]: unknown } = { header: example.header };
    for (const { pages } of sectionsOf(purpose, 'en')) {
      for (const page of pages) {
        const fields = questionsOf(page, document, choice(purpose));
        document = mergePart(document, fields, readForm(fields, valuesOf(fields, example)));
      }
    }
    expect(document).toEqual(answersOf(example));
  });
});

describe('the questions of a page', () => {
  const adult = { person: { ageStatus: 'adult' } };
  const child = { person: { ageStatus: 'child' } };

  it('are for a child when the age says so, or does not say', () => {
    expect(asked('guardian', 'PROTECT', adult)).toEqual([]);
    for (const document of [child, {}, undefined, { person: { ageStatus: 'unknown_treated_as_child' } }]) {
      expect(asked('guardian', 'PROTECT', document)).toEqual(['guardian']);
    }
  });

  it('do not identify who is not to be identified', () => {
    expect(asked('name', 'PROTECT', { identityMode: 'identified' })).toEqual(['person.name', 'person.aliases']);
    expect(asked('name', 'PROTECT', {})).toEqual(['person.name', 'person.aliases']);
    expect(asked('name', 'PROTECT', { identityMode: 'pseudonymous' })).toEqual(['person.aliases']);
    expect(asked('name', 'PROTECT', { identityMode: 'anonymous' })).toEqual([]);
    expect(asked('safe-contact', 'PROTECT', { identityMode: 'anonymous' })).toEqual([]);
    expect(asked('documents', 'VERIFY', { identityMode: 'pseudonymous' })).toEqual([]);
  });

  it('stay where they have been answered, so that nothing is sent unseen', () => {
    const before = {
      identityMode: 'anonymous',
      person: { ageStatus: 'adult', name: { full: 'A' } },
      guardian: { type: 'kin' },
    };
    expect(asked('name', 'PROTECT', before)).toEqual(['person.name']);
    expect(asked('guardian', 'PROTECT', before)).toEqual(['guardian']);
  });

  it('are mandatory where the answers so far make them so', () => {
    const obligation = (id: string, purpose: Purpose, document: unknown) =>
      questionsOf(pageOf(id), document, choice(purpose))[0]?.obligation;
    expect(obligation('guardian', 'PROTECT', child)).toBe('mandatory');
    expect(obligation('guardian', 'PROTECT', {})).toBe('conditional');
    expect(obligation('birth', 'PROTECT', { identityMode: 'identified' })).toBe('mandatory');
    expect(obligation('birth', 'PROTECT', { identityMode: 'pseudonymous' })).toBe('conditional');
  });

  it('know whether they have been answered', () => {
    expect(hasAnswer(child, 'person.ageStatus')).toBe(true);
    expect(hasAnswer(child, 'person.name')).toBe(false);
    expect(hasAnswer(undefined, 'person')).toBe(false);
  });
});

describe('conditions of the rules', () => {
  const rules = followed({ ...schemaPlace('referral'), schema: { $ref: 'rules.schema.json' } });
  const condition = (name: string) => ({ ...rules, schema: { $ref: `#/$defs/${name}` } });

  it('hold, do not hold, or are open', () => {
    expect(truthOf(condition('isChild'), { person: { ageStatus: 'child' } })).toBe('yes');
    expect(truthOf(condition('isChild'), { person: { ageStatus: 'adult' } })).toBe('no');
    expect(truthOf(condition('isChild'), { person: { ageStatus: 'typed wrongly' } })).toBe('no');
    for (const open of [{}, { person: {} }, { person: 'x' }, undefined, null, 'x', []]) {
      expect(truthOf(condition('isChild'), open)).toBe('open');
    }
    expect(truthOf({ ...rules, schema: { properties: { a: false } } }, { a: 1 })).toBe('yes');
    expect(truthOf({ ...rules, schema: { required: ['a'] } }, { a: 1 })).toBe('yes');
    expect(truthOf({ ...rules, schema: { required: ['b'], properties: { a: { const: 1 as never } } } }, { a: 2 })).toBe(
      'no',
    );
  });

  it('are made of what is evaluated here', () => {
    const keywords = new Set<string>();
    const collect = (value: unknown, inCondition: boolean) => {
      for (const [name, member] of Object.entries(value as object) as [string, unknown][]) {
        if (inCondition) keywords.add(name);
        if (name === 'properties' && inCondition) for (const one of Object.values(member as object)) collect(one, true);
        else if (typeof member === 'object' && member !== null) collect(member, name === 'if');
      }
    };
    collect(rules.schema, false);
    expect([...keywords].toSorted()).toEqual(['$ref', 'const', 'enum', 'properties', 'required', 'type']);
  });

  it('put their rules in force, and those of what is otherwise', () => {
    const { required, forbidden } = rulingOf(schemaPlace('cancel_confirm'), { cancelConfirm: { result: 'refused' } });
    expect([required.has('cancelConfirm.code'), forbidden.has('cancelConfirm.code')]).toEqual([true, false]);
    const otherwise = rulingOf(schemaPlace('cancel_confirm'), { cancelConfirm: { result: 'cancelled' } });
    expect([otherwise.required.has('cancelConfirm.code'), otherwise.forbidden.has('cancelConfirm.code')]).toEqual([
      false,
      true,
    ]);
    const open = rulingOf(schemaPlace('cancel_confirm'), {});
    expect([open.required.has('cancelConfirm.code'), open.forbidden.has('cancelConfirm.code')]).toEqual([false, false]);
  });
});
