import { faultAt } from '../errors';
import { drawForm, formOf, valuesOf, type DrawnField } from '.';
import type { DrawnGroup, DrawnLeaf, DrawnList } from './drawn';

const UNITS = [{ value: 'gb.nca', label: 'NCA' }];
function draw(path: string, document: unknown = {}, more: Partial<Parameters<typeof formOf>[1]> = {}) {
  const fields = formOf('referral', { language: 'en', timeZone: 'Asia/Ho_Chi_Minh', ...more, paths: [path] });
  return drawForm(fields, valuesOf(fields, document), [], more.language ?? 'en');
}
const leaf = (...of: Parameters<typeof draw>) => draw(...of).fields[0] as DrawnLeaf;
const member = (field: DrawnField | undefined, name: string) =>
  (field as DrawnGroup).members.find((one) => one.name === name) as DrawnLeaf;

describe('the widgets of a form', () => {
  it('are radio buttons for few answers, a menu for many, boxes for several', () => {
    expect(leaf('person.gender').widget).toBe('radios');
    expect(leaf('exploitation.types')).toMatchObject({ widget: 'checkboxes', hint: 'Select all that apply.' });
    expect(leaf('exploitation.lastContact').widget).toBe('radios');
    expect(member(draw('exploitation.recruitment').fields[0], 'exploitation.recruitment.method').widget).toBe('select');
    expect(member(draw('guardian').fields[0], 'guardian.unit').widget).toBe('input');
    expect(member(draw('guardian', {}, { units: UNITS }).fields[0], 'guardian.unit').widget).toBe('radios');
    expect(member(draw('guardian').fields[0], 'guardian.safe')).toMatchObject({
      widget: 'confirm',
      options: [{ value: 'yes', selected: false }],
    });
    expect(leaf('exploitation.narrative')).toMatchObject({ widget: 'textarea', maxLength: 3000, spellcheck: true });
    const contact = (draw('contact').fields[0] as DrawnGroup).members[0];
    expect(member(contact, 'contact.focal.phone')).toMatchObject({
      widget: 'input',
      type: 'tel',
      inputMode: 'tel',
      wide: false,
    });
    expect(member(contact, 'contact.focal.email')).toMatchObject({ type: 'email', wide: true });
    expect(member(draw('person.birth').fields[0], 'person.birth.year')).toMatchObject({ widget: 'input', wide: false });
  });

  it('show what was answered, and let it be taken back', () => {
    const picked = leaf('person.gender', { person: { gender: 'female' } });
    expect(picked.options.filter(({ selected }) => selected).map(({ value }) => value)).toEqual(['female']);
    expect(picked.options[0]).toMatchObject({ value: '', label: 'No answer', selected: false });
    expect(leaf('person.gender').options[0]!.value).not.toBe('');
    expect(leaf('person.gender', { person: { gender: 'female' } }, { purpose: 'VERIFY' }).options[0]!.value).not.toBe(
      '',
    );
    const reported = member(draw('police', { police: { reported: false } }).fields[0], 'police.reported');
    expect(reported).toMatchObject({
      inline: true,
      options: [{ value: '' }, { value: 'yes', label: 'Yes', selected: false }, { value: 'no', selected: true }],
    });
    const menu = (document: object) =>
      member(draw('exploitation.recruitment', document).fields[0], 'exploitation.recruitment.method').options[0];
    expect(menu({})).toEqual({ value: '', label: 'Choose an answer', selected: true });
    expect(menu({ exploitation: { recruitment: { method: 'family' } } })).toMatchObject({ value: '', selected: false });
  });

  it('show an answer that is not in the list, and none as an answer', () => {
    const strange = leaf('person.gender', { person: { gender: 'newer_code' } });
    expect(strange.options.at(-1)).toEqual({ value: 'newer_code', label: 'newer_code', selected: true });
    const needs = (list: unknown) =>
      member(draw('health', { health: { urgentNeeds: list } }).fields[0], 'health.urgentNeeds').options;
    expect(needs([]).at(-1)).toEqual({ value: '-', label: 'None of these', exclusive: true, selected: true });
    expect(needs(['x']).at(-2)).toEqual({ value: 'x', label: 'x', selected: true });
    expect(needs(undefined).every(({ selected }) => !selected)).toBe(true);
  });

  it('say whose clock a time is by', () => {
    const alert = (draw('alert').fields[0] as DrawnGroup).members.find(({ name }) => name === 'alert.window');
    expect(member(alert, 'alert.window.from')).toMatchObject({ widget: 'date', hint: 'By the clock of Hà Nội.' });
    expect(member(alert, 'alert.window.from').parts.map(({ name, label }) => [name, label])).toEqual([
      ['alert.window.from-day', 'Day'],
      ['alert.window.from-month', 'Month'],
      ['alert.window.from-year', 'Year'],
      ['alert.window.from-time', 'Time (24 hours)'],
    ]);
    const until = member(
      draw('location.precise', {}, { language: 'vi', timeZone: 'Europe/London' }).fields[0],
      'location.precise.expiresAt',
    );
    expect(until.hint).toBe('Không quá bảy ngày sau khi gửi. Theo giờ Luân Đôn.');
  });

  it('mark what is optional', () => {
    expect(leaf('person.gender', {}, { purpose: 'TRACE' }).label).toBe('Gender (optional)');
    expect(leaf('person.gender', {}, { purpose: 'VERIFY' }).label).toBe('Gender');
    expect(leaf('person.gender', {}, { purpose: 'TRACE', language: 'vi' }).label).toBe('Giới tính (không bắt buộc)');
  });
});

describe('a list', () => {
  const list = (document: unknown) => draw('person.aliases', document).fields[0] as DrawnList;
  const names = (count: number) => ({ person: { aliases: Array.from({ length: count }, (_, i) => `N${i}`) } });

  it('always has a row to write in', () => {
    expect(list({})).toMatchObject({ widget: 'list', rowsName: 'person.aliases-rows', add: 'add:person.aliases' });
    expect(list({}).rows).toMatchObject([
      {
        label: 'Other name 1',
        remove: 'remove:person.aliases[0]',
        field: { name: 'person.aliases[0]', label: 'Other name 1', value: '' },
      },
    ]);
    expect(list(names(2)).rows.map(({ field }) => (field as DrawnLeaf).value)).toEqual(['N0', 'N1']);
  });

  it('grows to its limit, and shows one more than that so that it can be taken away', () => {
    expect(list(names(9))).toHaveProperty('add');
    expect(list(names(10))).not.toHaveProperty('add');
    expect(list(names(30)).rows).toHaveLength(11);
    const fields = formOf('referral', { language: 'en', paths: ['person.aliases'] });
    const shown = (rows: unknown) =>
      (drawForm(fields, { 'person.aliases-rows': rows }, [], 'en').fields[0] as DrawnList).rows;
    for (const rows of ['1.5', 'x', '-2', undefined, 3, [null]]) expect(shown(rows)).toHaveLength(1);
    expect(shown(['3', '5'])).toHaveLength(3);
  });
});

describe('faults', () => {
  it('stand at their fields and in the summary, those of elsewhere in the summary only', () => {
    const fields = formOf('referral', { language: 'en', paths: ['person.name'] });
    const form = drawForm(fields, {}, [faultAt('/person/name/full', 'required'), faultAt('/needs', 'required')], 'en');
    expect(member(form.fields[0], 'person.name.full').errors).toEqual(['Enter the full name']);
    expect(form.summary.map(({ text, href }) => [text, href])).toEqual([
      ['Services needed is required', undefined],
      ['Enter the full name', '#person-name-full'],
    ]);
    expect(form.words.problem).toBe('There is a problem');
  });
});
