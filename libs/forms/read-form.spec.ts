import fc from 'fast-check';
import { codeList } from '../schema';
import {
  afterRowAction,
  drawForm,
  faultsByField,
  formOf,
  mergePart,
  readForm,
  valuesOf,
  type Field,
  type FormTarget,
  type List,
  type Posted,
} from '.';
import { withInner } from './fixtures/examples';
import { postedRows } from './read-form';

const TARGETS = [
  ...codeList('messageType')!.entries.map(({ code }) => code),
  'consentRecord',
  'overrideRecord',
] as FormTarget[];
const referral = (...paths: string[]) => formOf('referral', { language: 'en', paths, timeZone: 'Europe/London' });
const read = (path: string, posted: Posted) => readForm(referral(path), posted);

describe('reading a post', () => {
  it('leaves out what is empty, and trims and normalises what is not', () => {
    const posted = {
      'person.name.full': '  Nguyê\u0303n A\u0301nh ',
      'person.name.latin': '   ',
      'person.name.given': '',
    };
    expect(read('person.name', posted)).toEqual({ person: { name: { full: 'Nguyễn Ánh' } } });
    expect(read('person.name', {})).toEqual({});
    expect(read('exploitation.narrative', { 'exploitation.narrative': 'one\r\ntwo\rthree\n' })).toEqual({
      exploitation: { narrative: 'one\ntwo\nthree' },
    });
  });

  it('takes numbers, yes and no, confirmations and codes', () => {
    expect(read('person.birth', { 'person.birth.year': '1999' })).toEqual({ person: { birth: { year: 1999 } } });
    expect(read('person.dependants', { 'person.dependants.count': '-0' })).toEqual({
      person: { dependants: { count: 0 } },
    });
    expect(read('police', { 'police.reported': 'no', 'police.willing': 'yes' })).toEqual({
      police: { reported: false, willing: 'yes' },
    });
    expect(read('guardian', { 'guardian.type': 'kin', 'guardian.safe': 'yes' })).toEqual({
      guardian: { type: 'kin', safe: true },
    });
    expect(read('guardian', { 'guardian.type': 'kin', 'guardian.safe': 'no' })).toEqual({ guardian: { type: 'kin' } });
    expect(read('evaluation', { 'evaluation.information': '2' })).toEqual({ evaluation: { information: 2 } });
  });

  it('keeps what cannot be read as it was typed', () => {
    const posted = {
      'person.birth.year': 'about 1999',
      'person.birth.date-day': '31',
      'person.birth.date-month': '2',
      'person.birth.date-year': '1999',
      'person.birth.ageBand': 'young',
    };
    const fields = referral('person.birth');
    const part = readForm(fields, posted);
    expect(part).toEqual({ person: { birth: { date: '31/2/1999', year: 'about 1999', ageBand: 'young' } } });
    expect(valuesOf(fields, part)).toEqual(posted);
    expect(read('police', { 'police.reported': 'perhaps' })).toEqual({ police: { reported: 'perhaps' } });
  });

  it('takes several codes, none of them as an answer of its own, and nothing as no answer', () => {
    const needs = (value: unknown) => read('health.urgentNeeds', { 'health.urgentNeeds': value });
    expect(needs(['injury', 'medication'])).toEqual({ health: { urgentNeeds: ['injury', 'medication'] } });
    expect(needs('injury')).toEqual({ health: { urgentNeeds: ['injury'] } });
    expect(needs('-')).toEqual({ health: { urgentNeeds: [] } });
    expect(needs(['-', 'injury'])).toEqual({ health: { urgentNeeds: ['injury'] } });
    expect(needs(undefined)).toEqual({});
    // Where at least one is needed, "none" is nothing.
    expect(read('exploitation.types', { 'exploitation.types': '-' })).toEqual({});
    // A list that is needed and may be empty is there with the rest.
    expect(read('risk', { 'risk.level': 'high' })).toEqual({ risk: { level: 'high', factors: [] } });
    expect(read('consent', { 'consent.status': 'not_sought' })).toEqual({
      consent: { status: 'not_sought', scopes: [] },
    });
  });

  it('takes the rows that have an answer', () => {
    const posted = {
      'person.aliases-rows': '4',
      'person.aliases[0]': 'Bé',
      'person.aliases[1]': ' ',
      'person.aliases[3]': 'Tư',
    };
    expect(read('person.aliases', posted)).toEqual({ person: { aliases: ['Bé', 'Tư'] } });
    expect(read('person.documents', { 'person.documents[2].number': 'B1' })).toEqual({
      person: { documents: [{ number: 'B1' }] },
    });
    expect(read('person.documents', { 'person.documents-rows': '3' })).toEqual({});
  });

  it('has the bodies that a message needs, even without an answer', () => {
    expect(readForm(formOf('accept', { language: 'en' }), {})).toEqual({
      accept: { services: [] },
      contact: { focal: {} },
    });
    expect(readForm(formOf('closure', { language: 'en' }), {})).toEqual({ closure: {} });
    expect(readForm(formOf('consentRecord', { language: 'en' }), {})).toEqual({
      grants: [],
      explainedBy: {},
      questions: {},
    });
  });

  it('takes no more than a form can hold', () => {
    const fields = referral('person.aliases', 'exploitation.types', 'exploitation.narrative');
    const list = withInner(fields).find((field): field is List => field.kind === 'list')!;
    const posted = {
      'person.aliases-rows': '1e9',
      'person.aliases[99999]': 'x',
      'person.aliases[100000]': 'x',
      'exploitation.types': Array.from({ length: 100_000 }, () => 'x'),
      'exploitation.narrative': 'y'.repeat(1_000_000),
    };
    expect(postedRows(list, posted)).toBe(list.maxItems + 1);
    for (const rows of ['1.5', 'NaN', '-3', 'many']) expect(postedRows(list, { 'person.aliases-rows': rows })).toBe(0);
    expect(postedRows(list, { 'person.aliases[x]': 'x', 'person.aliases[': '', 'person.aliases[1]': '' })).toBe(2);
    const { exploitation } = readForm(fields, posted) as { exploitation: { types: string[]; narrative: string } };
    expect([exploitation.types.length, exploitation.narrative.length]).toEqual([21, 10_000]);
  });
});

describe('dates and times', () => {
  const date = (day: string, month: string, year: string) =>
    read('bestInterests', {
      'bestInterests.date-day': day,
      'bestInterests.date-month': month,
      'bestInterests.date-year': year,
    });
  const at = (value: string | undefined) => ({ bestInterests: { date: value } });
  const month = (value: string, year: string) =>
    read('exploitation.places', {
      'exploitation.places[0].month-month': value,
      'exploitation.places[0].month-year': year,
    });
  const places = (value: string) => ({ exploitation: { places: [{ month: value }] } });

  it('are days of the calendar, with one or two digits and a whole year', () => {
    expect(date('5', '3', '2026')).toEqual(at('2026-03-05'));
    expect(date('05', '03', '2026')).toEqual(at('2026-03-05'));
    expect(date('29', '2', '2024')).toEqual(at('2024-02-29'));
    for (const [day, mo, year] of [
      ['29', '2', '2026'],
      ['5', '13', '2026'],
      ['0', '1', '2026'],
      ['5', '3', '26'],
      ['5', '', '2026'],
      ['', '', '2026'],
      ['x', '3', '2026'],
      ['5', '3/4', '2026'],
    ]) {
      expect(date(day!, mo!, year!)).toEqual(at(`${day}/${mo}/${year}`));
    }
    expect(date('', ' ', '')).toEqual({});
  });

  it('are months', () => {
    expect(month('3', '2026')).toEqual(places('2026-03'));
    expect(month('13', '2026')).toEqual(places('13/2026'));
    expect(month('', '2026')).toEqual(places('/2026'));
  });

  it('come back to the controls that they were typed in', () => {
    const fields = referral('bestInterests', 'exploitation.places');
    const shown = (value: unknown) => valuesOf(fields, { bestInterests: { date: value } });
    expect(shown('2026-03-05')).toMatchObject({
      'bestInterests.date-day': '5',
      'bestInterests.date-month': '3',
      'bestInterests.date-year': '2026',
    });
    expect(shown('5//26')).toMatchObject({
      'bestInterests.date-day': '5',
      'bestInterests.date-month': '',
      'bestInterests.date-year': '26',
    });
    expect(shown('1/2/3/4')).toMatchObject({
      'bestInterests.date-day': '1',
      'bestInterests.date-month': '2',
      'bestInterests.date-year': '3/4',
    });
    expect(shown('last spring')).toMatchObject({
      'bestInterests.date-day': 'last spring',
      'bestInterests.date-year': '',
    });
    expect(shown(undefined)).toMatchObject({ 'bestInterests.date-day': '', 'bestInterests.date-year': '' });
    expect(valuesOf(fields, { exploitation: { places: [{ month: 'spring' }] } })).toMatchObject({
      'exploitation.places[0].month-month': 'spring',
    });
  });
});

describe('fields against hostile posts', () => {
  const forms = TARGETS.map((target) => ({
    target,
    fields: formOf(target, { language: 'vi', timeZone: 'Europe/London' }),
  }));
  const names = forms.map(({ fields }) => Object.keys(valuesOf(fields, {})));
  /** Every member that a document of these fields can have, at any depth. */
  const members = (fields: readonly Field[]) => new Set(withInner(fields).flatMap(({ path }) => path.split('.')));
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('yes', 'no', '-', '1', '31', '2026', '21:05', '__proto__'),
  );
  const value = fc.oneof(
    text,
    fc.array(text, { maxLength: 4 }),
    fc.constantFrom<unknown>(null, 1, {}, [[]], undefined),
  );
  const posts = fc.nat(forms.length - 1).chain((index) => {
    const known = fc.constantFrom(...names[index]!);
    const row = fc.tuple(known, fc.nat(3)).map(([name, n]) => name.replace(/-rows$/, `[${n}]`));
    const strange = fc.constantFrom(
      '__proto__',
      'constructor',
      'then',
      'person[__proto__]',
      'person.__proto__.x',
      'header.purpose',
      'toString',
    );
    const entries = fc.array(fc.tuple(fc.oneof(known, row, strange), value), { maxLength: 25 });
    return fc.tuple(fc.constant(index), entries);
  });
  const postOf = (entries: readonly (readonly [string, unknown])[]): Posted => {
    const posted = Object.create(null) as Record<string, unknown>;
    for (const [name, one] of entries) posted[name] = one;
    return posted;
  };
  const keysIn = (document: unknown): string[] =>
    typeof document === 'object' && document !== null
      ? Object.entries(document).flatMap(([key, inside]) => [
          ...(Array.isArray(document) ? [] : [key]),
          ...keysIn(inside),
        ])
      : [];

  it('never throw, hold nothing that was not asked for, and settle', () => {
    fc.assert(
      fc.property(posts, ([index, entries]) => {
        const { fields } = forms[index]!;
        const posted = postOf(entries);
        const part = readForm(fields, posted);
        const allowed = members(fields);
        expect(keysIn(part).filter((key) => !allowed.has(key))).toEqual([]);
        expect(Object.getPrototypeOf(part)).toBe(Object.prototype);
        // What was read once reads the same again.
        expect(readForm(fields, valuesOf(fields, part))).toEqual(part);
        const header = { purpose: 'VERIFY' };
        const merged = mergePart({ header }, fields, part);
        expect(merged).toEqual({ header, ...part });
        expect(mergePart(merged, fields, {})).toEqual({ header });
        expect(drawForm(fields, posted, [], 'vi').fields).toHaveLength(fields.length);
      }),
      { numRuns: 300 },
    );
  });

  it('show any document without throwing, and find any pointer or none', () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(fc.nat(forms.length - 1), json, fc.array(fc.string(), { maxLength: 5 }), (index, document, steps) => {
        const { fields } = forms[index]!;
        const values = valuesOf(fields, document);
        expect(readForm(fields, values)).toBeDefined();
        expect(mergePart(document, fields, readForm(fields, values))).toBeDefined();
        const pointer = steps.map((step) => `/${step}`).join('');
        expect(faultsByField(fields, [{ pointer, code: 'required', rule: 'is', ruleVi: 'là' }], 'vi').all).toHaveLength(
          1,
        );
        expect(afterRowAction(fields, postOf([['then', steps.join(':')]]))).toBeUndefined();
      }),
    );
  });
});
