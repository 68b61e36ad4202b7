import { formOf } from '../../../../libs/forms';
import { DOCUMENT, type Written } from './lens';
import { baseOf, carried, isConflict, withAnswers, withChosen } from './page-answers';
import type { DraftPage } from './plan';

const PAGE: DraftPage = {
  section: 'person',
  id: 'name',
  title: 'Name',
  fields: formOf('referral', { language: 'en', purpose: 'PROTECT', paths: ['person.name', 'person.aliases'] }),
  lens: DOCUMENT,
  at: '',
  kind: 'questions',
};
const written = (full: string, alias?: string): Written => ({
  document: {
    header: { messageType: 'referral' },
    person: { gender: 'female', name: { full, latin: 'A' }, ...(alias !== undefined && { aliases: [alias] }) },
  },
});
const FORM = { 'person.name.full': 'Nguyễn Thị B', 'person.name.latin': 'A', 'person.aliases-rows': '0' };
const drawnFrom = (stored: Written) => ({ ...FORM, base: baseOf(PAGE, stored) });

describe('the answers of a page', () => {
  it('take the place of those of their page only', () => {
    const { document } = withAnswers(PAGE, written('Nguyễn Thị A'), FORM);
    expect(document['person']).toEqual({ gender: 'female', name: { full: 'Nguyễn Thị B', latin: 'A' } });
  });

  it('change nothing where nothing was changed, so that what was agreed to stays agreed to', () => {
    const stored = written('Nguyễn Thị B');
    expect(withAnswers(PAGE, stored, FORM)).toBe(stored);
  });

  it('are no conflict while nobody else has changed them', () => {
    const stored = written('Nguyễn Thị A');
    expect(isConflict(PAGE, stored, drawnFrom(stored))).toBe(false);
    expect(isConflict(PAGE, stored, FORM)).toBe(false);
  });

  it('are no conflict when two people have said the same', () => {
    expect(isConflict(PAGE, written('Nguyễn Thị B'), drawnFrom(written('Nguyễn Thị A')))).toBe(false);
  });

  it('are a conflict when somebody has said something else meanwhile', () => {
    expect(isConflict(PAGE, written('Nguyễn Thị C'), drawnFrom(written('Nguyễn Thị A')))).toBe(true);
  });

  it('are chosen question by question after a conflict; without a choice the stored one stays', () => {
    const stored = written('Nguyễn Thị C', 'Lily');
    const mine = withChosen(PAGE, stored, { ...FORM, 'keep-person-name': 'mine', 'keep-person-aliases': 'theirs' });
    expect(mine.document['person']).toEqual({
      gender: 'female',
      name: { full: 'Nguyễn Thị B', latin: 'A' },
      aliases: ['Lily'],
    });
    expect(withChosen(PAGE, stored, FORM)).toBe(stored);
  });

  it('are carried through a page in between as they were typed', () => {
    expect(carried(PAGE, { ...FORM, 'person.name.latin': 'ầ', stranger: 'x' })).toEqual(
      expect.arrayContaining([
        { name: 'person.name.full', value: 'Nguyễn Thị B' },
        { name: 'person.name.latin', value: 'ầ' },
      ]),
    );
    expect(carried(PAGE, { stranger: 'x' }).map(({ name }) => name)).not.toContain('stranger');
  });
});
