import { formOf, rowInWords, shownAnswers, type ShownAnswer } from '.';
import { targetOf, validExamples, withInner } from './fixtures/examples';

const unit = (id: string) => `unit ${id}`;
const fields = formOf('referral', { language: 'en', timeZone: 'Europe/London' });
const shown = (document: unknown, moment?: (at: Date) => string) =>
  shownAnswers(fields, document, { language: 'en', unit, ...(moment && { moment }) });
const first = (document: unknown) => shown(document)[0]!;

describe('a document in words', () => {
  it('has every answer of every example, and nothing that was not answered', () => {
    for (const [file, example] of [...validExamples('referral/v1'), ...validExamples('consent/v1')]) {
      const form = formOf(targetOf(file, example), { language: 'vi', purpose: example.header?.purpose });
      const below = (answer: ShownAnswer): ShownAnswer[] => [answer, ...(answer.parts ?? []).flatMap(below)];
      const answers = shownAnswers(form, example, { language: 'vi', unit }).flatMap(below);
      const known = new Set(withInner(form).map(({ path }) => path));
      expect(answers.filter(({ path }) => !known.has(path))).toEqual([]);
      expect(answers.filter(({ values, parts }) => !values && !parts)).toEqual([]);
      expect(new Set(answers.map(({ path }) => path.split('.')[0]))).toEqual(
        new Set(
          Object.entries(example)
            .filter(([name]) => name !== 'header')
            .map(([name]) => name),
        ),
      );
    }
  });

  it('has labels and codes in words', () => {
    expect(first({ person: { gender: 'female' } })).toEqual({
      path: 'person',
      pointer: '/person',
      label: 'The person',
      parts: [{ path: 'person.gender', pointer: '/person/gender', label: 'Gender', values: ['Female'] }],
    });
    expect(first({ police: { reported: false } }).parts![0]!.values).toEqual(['No']);
    expect(first({ police: { reported: true } }).parts![0]!.values).toEqual(['Yes']);
    expect(first({ guardian: { unit: 'gb.nca' } }).parts![0]!.values).toEqual(['unit gb.nca']);
    expect(first({ person: { birth: { date: '2003-03-27' } } }).parts![0]!.parts![0]!.values).toEqual(['27/03/2003']);
    expect(first({ exploitation: { narrative: 'a' } }).parts![0]).toMatchObject({ long: true, values: ['a'] });
    expect(first({ health: { urgentNeeds: [] } }).parts![0]!.values).toEqual(['None of these']);
  });

  it('says points in time by the clock of the form, or as its reader says them', () => {
    const document = { alert: { window: { from: '2026-11-02T14:05:00Z' } } };
    const [window] = first(document).parts!;
    expect(window!.parts![0]!.values![0]).toMatch(/14:05.*2026/);
    expect(shown(document, (at) => at.toISOString())[0]!.parts![0]!.parts![0]!.values).toEqual([
      '2026-11-02T14:05:00.000Z',
    ]);
    const utc = shownAnswers(
      formOf('overrideRecord', { language: 'vi' }),
      { expiresAt: '2026-11-02T14:05:00Z' },
      { language: 'vi', unit },
    );
    expect(utc[0]!.values![0]).toContain('14:05');
  });

  it('has a group for each row of a list, and single values together', () => {
    const { parts } = first({ needs: [{ service: 'medical', urgency: 'urgent' }, { service: 'escort' }] });
    expect(parts!.map(({ label, pointer }) => [label, pointer])).toEqual([
      ['Services needed 1', '/needs/0'],
      ['Services needed 2', '/needs/1'],
    ]);
    expect(rowInWords(parts![0]!)).toBe('Service: Medical care; Urgency: Urgent');
    const aliases = first({ person: { aliases: ['A', 'B'] } }).parts![0]!;
    expect(aliases.values).toEqual(['A', 'B']);
    expect(rowInWords(aliases)).toBe('A, B');
    expect(rowInWords({ path: '', pointer: '', label: '' })).toBe('');
  });

  it('shows what cannot stand there as it is', () => {
    expect(first({ person: 'typed' })).toMatchObject({ label: 'The person', values: ['typed'] });
    expect(first({ person: { gender: { a: 1 } } }).parts![0]!.values).toEqual(['{"a":1}']);
    expect(
      first({ person: { birth: { date: '31/2/1999', year: 1999 } } }).parts![0]!.parts!.map(({ values }) => values),
    ).toEqual([['31/2/1999'], ['1999']]);
    expect(first({ alert: { window: { from: 'soon' } } }).parts![0]!.parts![0]!.values).toEqual(['soon']);
    expect(first({ needs: 'text' })).toMatchObject({ values: ['text'] });
    expect(first({ needs: [{}] }).values).toEqual([]);
    expect(shown({ person: {} })).toEqual([]);
  });
});
