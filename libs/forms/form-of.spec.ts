import { codeList, fieldRules, followed, schemaPlace, type Purpose } from '../schema';
import { formOf, type Field, type Leaf, type List } from '.';
import { rulingOf } from './conditions';
import { withInner } from './fixtures/examples';

const PURPOSES = codeList('purpose')!.entries.map(({ code }) => code as Purpose);
/** Rows of the matrix that no form of a referral asks for: the head, and bodies of other messages. */
const ELSEWHERE = /^(?:header\.|handoverPlan$|outcome$|followup$)/;
const rows = fieldRules().filter(({ path }) => !ELSEWHERE.test(path));

const byPath = (fields: readonly Field[], path: string) => withInner(fields).find((field) => field.path === path);
const leaf = (path: string, purpose?: Purpose) => byPath(formOf('referral', { language: 'en', purpose }), path) as Leaf;

describe.each(PURPOSES)('the form of a referral for %s', (purpose) => {
  const fields = formOf('referral', { language: 'en', purpose });
  const paths = new Set(withInner(fields).map(({ path }) => path));

  it('has exactly the fields that the matrix does not forbid', () => {
    const allowed = rows.filter(({ cells }) => cells[purpose] !== 'X').map(({ path }) => path);
    expect(rows.filter(({ path }) => paths.has(path)).map(({ path }) => path)).toEqual(allowed);
    const forbidden = rulingOf(
      followed({ ...schemaPlace('referral'), schema: { $ref: `forbidden.schema.json#/$defs/${purpose}` } }),
      {},
    );
    expect([...forbidden.forbidden].filter((path) => paths.has(path))).toEqual([]);
  });

  it('marks what the matrix says, with sensitivity and scope', () => {
    const words = { M: 'mandatory', O: 'optional', C: 'conditional', X: 'forbidden' };
    for (const { path, cells, sensitivity, scope } of rows.filter((rule) => paths.has(rule.path))) {
      const { obligation, ...field } = byPath(fields, path)!;
      expect([path, obligation]).toEqual([path, words[cells[purpose]]]);
      expect(field).toMatchObject({ sensitivity, ...(scope && { scope }) });
    }
  });

  it('never asks for the head of the message, or for what the node sets', () => {
    expect([...paths].filter((path) => /^header|^attachments\.transfer/.test(path))).toEqual([]);
  });
});

describe('a field', () => {
  it('says how it is asked for', () => {
    const kinds = {
      'person.name.full': 'text',
      'person.birth.date': 'date',
      'person.birth.year': 'integer',
      'person.citizenship': 'list',
      'person.languages.primary': 'language',
      'person.languages.interpreterNeeded': 'yesno',
      'person.birthplace.country': 'country',
      'person.communicationNeeds': 'choices',
      'person.photo': 'digest',
      'guardian.safe': 'confirm',
      'guardian.unit': 'unit',
      'contact.focal.phone': 'phone',
      'contact.focal.email': 'email',
      'exploitation.narrative': 'textarea',
      'exploitation.places.month': 'month',
      'exploitation.places': 'list',
      'alert.window.from': 'instant',
      'evaluation.information': 'choice',
      person: 'group',
    };
    const fields = formOf('referral', { language: 'en' });
    expect(Object.fromEntries(Object.keys(kinds).map((path) => [path, byPath(fields, path)?.kind]))).toEqual(kinds);
  });

  it('has a name, an id and a pointer of its own, and limits', () => {
    expect(leaf('person.name.full', 'VERIFY')).toEqual({
      key: 'referral/personName.full',
      path: 'person.name.full',
      pointer: '/person/name/full',
      name: 'person.name.full',
      id: 'person-name-full',
      kind: 'text',
      label: 'Full name',
      hint: expect.stringContaining('Nguyễn Thị Ánh') as string,
      asked: 'the full name',
      obligation: 'mandatory',
      needed: true,
      sensitivity: 'S2',
      maxLength: 200,
      autocomplete: 'off',
      spellcheck: false,
    });
    expect(leaf('exploitation.narrative')).toMatchObject({ maxLength: 3000, spellcheck: true, scope: 'narrative' });
    expect(leaf('person.birth.year')).toMatchObject({ min: 1900, max: 2200, numeric: true, inputMode: 'numeric' });
    expect(leaf('contact.focal.phone')).toMatchObject({ autocomplete: 'work tel', inputMode: 'tel' });
    expect(leaf('health.urgentNeeds').none).toBe(true);
    expect(leaf('alert.window.from').timeZone).toBe('UTC');
  });

  it('is needed when its group is there, and a whole group only when everything around it is', () => {
    const needed = (path: string) => formOf('referral', { language: 'en', paths: [path] }).map((field) => field.needed);
    expect(needed('handling')).toEqual([true]);
    expect(needed('handling.code')).toEqual([true]);
    expect(needed('location.current')).toEqual([false]);
    expect(needed('person.name')).toEqual([false]);
    const [accept, contact] = formOf('accept', { language: 'en' });
    expect([accept!.needed, contact!.needed]).toEqual([true, true]);
  });

  it('is conditional where a rule of its own object decides, or it is part of something optional', () => {
    const obligations = (target: 'decline' | 'cancel_confirm' | 'update') =>
      Object.fromEntries(
        withInner(formOf(target, { language: 'en' })).map(({ path, obligation }) => [path, obligation]),
      );
    expect(obligations('cancel_confirm')).toMatchObject({
      'cancelConfirm.result': 'mandatory',
      'cancelConfirm.code': 'conditional',
    });
    expect(obligations('decline')).toMatchObject({
      'decline.handBack': 'optional',
      'decline.handBack.plan': 'conditional',
    });
    expect(obligations('update')).toMatchObject({ 'update.reason': 'conditional', 'update.note': 'optional' });
  });
});

describe('the answers to pick from', () => {
  it('are the codes of the list, with their labels and notes', () => {
    expect(leaf('identityMode').options!.map(({ value }) => value)).toEqual([
      'identified',
      'pseudonymous',
      'anonymous',
    ]);
    const decisions = byPath(formOf('referral', { language: 'vi' }), 'identification.decision') as Leaf;
    expect(decisions.options).toContainEqual({
      value: 'uk_rg_positive',
      label: 'UK: reasonable grounds, positive',
      hint: expect.stringContaining('căn cứ hợp lý') as string,
      lang: 'en',
    });
    expect(decisions.options!.find(({ value }) => value === 'in_process')).not.toHaveProperty('lang');
  });

  it('are only those that the rules of the purpose leave', () => {
    expect(leaf('identityMode', 'VERIFY').options!.map(({ value }) => value)).toEqual(['identified']);
    expect(leaf('identityMode', 'PROTECT').options).toHaveLength(3);
    const asked = (purpose?: Purpose) =>
      (byPath(formOf('rfi', { language: 'en', purpose }), 'rfi.questions.field') as Leaf).options!.map(
        ({ value }) => value,
      );
    expect(asked('VERIFY')).not.toContain('health');
    expect(asked('PROTECT')).toContain('health');
    expect(asked()).toHaveLength(codeList('fieldPath')!.entries.length);
  });

  it('are numbers with what they stand for', () => {
    expect(leaf('evaluation.information')).toMatchObject({ kind: 'choice', numeric: true });
    expect(leaf('evaluation.information').options![0]).toEqual({
      value: '1',
      label: expect.stringContaining('accurate') as string,
    });
    const month = byPath(formOf('followup', { language: 'en' }), 'followup.month') as Leaf;
    expect(month).toMatchObject({
      kind: 'choice',
      numeric: true,
      options: [1, 3, 6, 12].map((n) => ({ value: `${n}`, label: `${n}` })),
    });
  });

  it('come from the caller for units and files', () => {
    const units = [{ value: 'gb.nca', label: 'NCA' }];
    const files = [{ value: 'A'.repeat(43), label: 'photo.jpg' }];
    const fields = formOf('referral', { language: 'en', units, answers: { 'referral/person.photo': files } });
    expect((byPath(fields, 'guardian.unit') as Leaf).options).toBe(units);
    expect((byPath(fields, 'person.photo') as Leaf).options).toBe(files);
    expect(leaf('guardian.unit')).not.toHaveProperty('options');
  });
});

describe('sections that are sent later', () => {
  it('have the fields that the purpose allows, as in a referral', () => {
    const paths = (purpose?: Purpose) =>
      withInner(formOf('update', { language: 'en', purpose })).map(({ path }) => path);
    expect(paths('PROTECT')).toContain('update.disclosed.person.name');
    expect(paths('PROTECT')).not.toContain('update.disclosed.person.birthplace');
    expect(paths('FOLLOW')).not.toContain('update.disclosed.person.name');
    expect(paths()).toContain('update.disclosed.person.birthplace');
    const [name] = withInner(formOf('update', { language: 'en' })).filter(
      ({ path }) => path === 'update.disclosed.person.name',
    );
    expect(name).toMatchObject({ label: 'Name', sensitivity: 'S2' });
  });
});

describe('lists', () => {
  it('have no list in their rows, which no name of a control could say', () => {
    const targets = codeList('messageType')!.entries.map(({ code }) => code as 'ping');
    const lists = [...targets, 'consentRecord' as const]
      .flatMap((target) => withInner(formOf(target, { language: 'en' })))
      .filter((field): field is List => field.kind === 'list');
    expect(lists.length).toBeGreaterThan(20);
    expect(lists.filter(({ item }) => withInner([item]).some(({ kind }) => kind === 'list'))).toEqual([]);
  });
});
