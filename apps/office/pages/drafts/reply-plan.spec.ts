import { formOf, type Field, type FormTarget } from '../../../../libs/forms';
import { codeList, type MessageType } from '../../../../libs/schema';
import { pagesOf } from './plan';
import { replySections, withNumbers } from './reply-plan';

const TYPES = codeList('messageType')!
  .entries.map(({ code }) => code as MessageType)
  .filter((type) => !['referral', 'ping', 'stats_report'].includes(type));
const t = (key: string) => key;
const choice = { t, language: 'en', timeZone: 'UTC', units: [], purpose: undefined } as const;
/** What the case knows is filled in by the office; requests are numbered by it. */
const NOT_ASKED = /\.(version|replaces|planDigest|receivedByUnit|erasedAt|digests)$/;

const leaves = (field: Field): string[] => {
  if (field.kind === 'group') return field.members.flatMap(leaves);
  if (field.kind !== 'list' || field.item.kind !== 'group') return [field.path];
  return field.item.members.flatMap(leaves);
};

describe('the pages of a reply', () => {
  it.each(TYPES)('of the type %s ask every question of its form exactly once', (type) => {
    const asked = pagesOf(replySections(type, choice)).flatMap(({ fields }) => fields.flatMap(leaves));
    const wanted = formOf(type as FormTarget, { language: 'en' })
      .flatMap(leaves)
      .filter((path) => !NOT_ASKED.test(path) && path !== 'rfi.questions.id');
    expect(asked.toSorted()).toEqual(wanted.toSorted());
  });

  it.each(TYPES)('of the type %s have addresses of their own', (type) => {
    const pages = pagesOf(replySections(type, choice)).map(({ section, id }) => `${section}/${id}`);
    expect(pages.length).toBeGreaterThan(0);
    expect(new Set(pages).size).toBe(pages.length);
    for (const page of pages) expect(page).toMatch(/^[a-z]+\/[a-z-]+$/);
  });

  it('ask for nothing that the purpose of the referral forbids', () => {
    const pages = (purpose: 'PROTECT' | 'ALERT') =>
      pagesOf(replySections('rfi_response', { ...choice, purpose })).map(({ id }) => id);
    expect(pages('PROTECT')).toContain('police');
    expect(pages('ALERT')).not.toContain('trace');
  });
});

describe('the questions of a request', () => {
  it('are numbered in their order, whatever was typed', () => {
    const document = { rfi: { questions: [{ code: 'other', id: 'q7' }, { code: 'family_situation' }] } };
    expect(withNumbers(document)).toEqual({
      rfi: {
        questions: [
          { code: 'other', id: 'q1' },
          { code: 'family_situation', id: 'q2' },
        ],
      },
    });
  });

  it('are left alone where there are none', () => {
    for (const document of [{}, { rfi: {} }, { rfi: { questions: 'none' } }])
      expect(withNumbers(document)).toBe(document);
  });
});
