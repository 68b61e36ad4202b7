import { draftIdFor } from './draft-views';
import { numberWithin, oneOf, optional, readMembers, something, textLike, textWithin } from './request-parts';
import { readSubmission } from './submission';

const SHAPE = { digest: textLike(/^[\w-]{43}$/), role: oneOf(['dpo', 'caseworker']), note: optional(something) };
const DIGEST = 'x'.repeat(43);

describe('the members of a body', () => {
  it('are exactly those that a route knows', () => {
    expect(readMembers({ digest: DIGEST, role: 'dpo' }, SHAPE)).toEqual({ digest: DIGEST, role: 'dpo' });
    expect(readMembers({ digest: DIGEST, role: 'dpo', note: 1 }, SHAPE)).toMatchObject({ note: 1 });
  });

  it.each<[string, Parameters<typeof readMembers>[0], string[]]>([
    ['a list', [], [' wrong_type']],
    ['nothing', null, [' wrong_type']],
    ['an empty object', {}, ['/digest required', '/role required']],
    ['wrong values', { digest: 'short', role: 'king' }, ['/digest wrong_form', '/role code_not_listed']],
    ['another type', { digest: 7, role: ['dpo'] }, ['/digest wrong_form', '/role code_not_listed']],
    ['a member too many', { digest: DIGEST, role: 'dpo', secret: 'Nguyễn' }, [' has_unknown_field']],
  ])('name every fault of %s', (_what, body, faults) => {
    expect(() => readMembers(body, SHAPE)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        faults: faults.map((fault) => {
          const [pointer, code] = fault.split(' ');
          return expect.objectContaining({ pointer, code });
        }),
      }),
    );
  });
});

describe('texts and numbers in a body', () => {
  const SEARCH = { words: textWithin(1, 4), limit: optional(numberWithin(1, 200)) };
  // Two of its marks are code points of their own here: six instead of four.
  const DECOMPOSED = 'Hiền'.normalize('NFD');

  it.each<[string, object]>([
    ['the shortest text', { words: 'a' }],
    ['the longest text', { words: 'Hiền' }],
    ['a text that is longer only in its marks', { words: DECOMPOSED }],
    ['a text of characters outside the first plane', { words: '𠮷𠮷𠮷𠮷' }],
    ['the smallest number', { words: 'a', limit: 1 }],
    ['the largest number', { words: 'a', limit: 200 }],
  ])('may be %s', (_what, body) => {
    expect(readMembers(body as never, SEARCH)).toEqual(body);
  });

  it.each<[string, object, string]>([
    ['no text', { words: '' }, '/words must have at least 1 characters'],
    ['a text that is too long', { words: 'Hiền5' }, '/words must have at most 4 characters'],
    ['a number for a text', { words: 7 }, '/words must be a text'],
    ['nothing at all', {}, '/words is required'],
    ['null for a text', { words: null }, '/words must be a text'],
    ['a number that is too small', { words: 'a', limit: 0 }, '/limit must be at least 1'],
    ['a number that is too big', { words: 'a', limit: 201 }, '/limit must be at most 200'],
    ['a part of a number', { words: 'a', limit: 1.5 }, '/limit must be a whole number'],
    ['a text for a number', { words: 'a', limit: '50' }, '/limit must be a whole number'],
    ['null for a number', { words: 'a', limit: null }, '/limit must be a whole number'],
  ])('are refused as %s, and the value is not repeated', (_what, body, fault) => {
    const [pointer, ...rule] = fault.split(' ');
    expect(() => readMembers(body as never, SEARCH)).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        faults: [expect.objectContaining({ pointer, rule: rule.join(' '), ruleVi: expect.any(String) as string })],
      }),
    );
  });
});

describe('a submission', () => {
  it('may have a document alone, however unfinished', () => {
    expect(readSubmission({ document: {} })).toEqual({ document: {}, record: undefined, override: undefined });
    expect(() => readSubmission({})).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });

  it.each(['consent', 'override'])('has no %s that does not follow its schema', (member) => {
    const pointers: unknown = expect.arrayContaining([
      expect.objectContaining({ pointer: expect.stringMatching(`^/${member}/.`) }),
    ]);
    expect(() => readSubmission({ document: {}, [member]: { asylum: true } })).toThrow(
      expect.objectContaining({ code: 'schema_invalid', faults: pointers }),
    );
  });
});

describe('the id of a draft with an idempotency key', () => {
  const author = { id: 'vn.mps-criminal', unit: 'vn.mps-criminal', roles: [] };
  const id = draftIdFor(author, 'the-same-key', { document: 1 });

  it('is the same for the same author, key and body, and for nothing else', () => {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(draftIdFor({ ...author }, 'the-same-key', { document: 1 })).toBe(id);
    const others = [
      draftIdFor({ ...author, id: 'vn.mps-criminal/dpo' }, 'the-same-key', { document: 1 }),
      draftIdFor({ ...author, unit: 'vn.mnd-border' }, 'the-same-key', { document: 1 }),
      draftIdFor(author, 'another-key', { document: 1 }),
      draftIdFor(author, 'the-same-key', { document: 2 }),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
