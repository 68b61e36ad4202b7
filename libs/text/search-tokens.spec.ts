import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { foldVietnamese, queryTokens, searchKey, searchTokens, searchWords } from '.';

const storageKey = new Uint8Array(32).fill(7);
const key = searchKey(storageKey);
const hex = (tokens: readonly Uint8Array[]) => tokens.map((token) => Buffer.from(token).toString('hex'));
const tokenOf = (kind: string, word: string) =>
  createHmac('sha256', key).update(`${kind}\0${word}`).digest().subarray(0, 16).toString('hex');

/** What a database does with the tokens: whether all of the query are there. */
function found(fields: readonly string[], query: string): 'exact' | 'folded' | 'no' {
  const stored = new Set(hex(searchTokens(key, fields)));
  const { folded, exact } = queryTokens(key, query);
  const hasAll = (tokens: readonly Uint8Array[]) =>
    tokens.length > 0 && hex(tokens).every((token) => stored.has(token));
  if (!hasAll(folded)) return 'no';
  return hasAll(exact) ? 'exact' : 'folded';
}

describe('searchKey', () => {
  it('is HKDF-SHA-256 of the storage key, with our info and no salt', () => {
    const extracted = createHmac('sha256', new Uint8Array(32)).update(storageKey).digest();
    const expanded = createHmac('sha256', extracted).update('trao search tokens v1\u0001').digest();
    expect(Buffer.from(key)).toEqual(expanded);
    expect(key).toHaveLength(32);
  });

  it('refuses a short storage key', () => {
    expect(() => searchKey(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});

describe('searchTokens', () => {
  it('are the cut HMACs of each word, with its diacritics and without', () => {
    expect(hex(searchTokens(key, ['Đặng Ơn']))).toEqual(
      [tokenOf('exact', 'đặng'), tokenOf('folded', 'dang'), tokenOf('exact', 'ơn'), tokenOf('folded', 'on')].toSorted(),
    );
  });

  it('come once each, sorted, whatever the order and number of the words', () => {
    const tokens = searchTokens(key, ['Hoa Nguyễn hoa', 'HOA', 'Hoà']);
    expect(hex(tokens)).toEqual(hex(tokens).toSorted());
    expect(tokens).toEqual(searchTokens(key, ['Hoà', 'Nguyễn Hoa']));
    // hoa, hoà and nguyễn exactly; hoa and nguyen folded.
    expect(tokens).toHaveLength(5);
  });

  it('are 16 plain bytes that hold no letter of the word and depend on the key', () => {
    const tokens = searchTokens(key, ['aaaaaaaaaaaaaaaa']);
    for (const token of tokens) expect(token.constructor).toBe(Uint8Array);
    for (const token of tokens) expect(token).toHaveLength(16);
    expect(Buffer.concat(tokens).includes('aaa')).toBe(false);
    expect(searchTokens(searchKey(new Uint8Array(32)), ['hoa'])).not.toEqual(searchTokens(key, ['hoa']));
  });

  it('look at the first 64 code units of a word, in the index and in the query', () => {
    const long = 'a'.repeat(63);
    expect(found([`${long}bc`], `${long}bd`)).toBe('exact');
    expect(found([`${long}bc`], `${long}cc`)).toBe('no');
    expect(found([`${'ễ'.repeat(64)}x`], 'e'.repeat(65))).toBe('folded');
    // A letter of two code units is not cut in half.
    expect(hex(searchTokens(key, [`${long}𠮷`]))).toContain(tokenOf('exact', `${long}\ufffd`));
  });

  it('look at the first 200 different words', () => {
    const words = Array.from({ length: 201 }, (_, index) => `w${index}`);
    expect(found([...words.slice(0, 200), ...words], 'w199')).toBe('exact');
    expect(found(words, 'w200')).toBe('no');
    expect(searchTokens(key, [words.join(' ')])).toHaveLength(400);
  });
});

describe('queryTokens', () => {
  it.each([
    ['Nguyễn Thị Hoa', 'nguyễn hoa', 'exact'],
    ['Nguyễn Thị Hoa', 'HOA'.normalize('NFD'), 'exact'],
    ['Nguyễn Thị Hoa', 'nguyen hoa', 'folded'],
    ['Nguyễn Thị Hoa', 'Nguyên Hoà', 'folded'],
    ['Nguyễn Thị Hoa', 'nguyen lan', 'no'],
    ['Nguyễn Thị Hoa', 'hoan', 'no'],
    ['Đặng', 'dang', 'folded'],
    ['Nguyễn Thị Hoa', '', 'no'],
    ['Nguyễn Thị Hoa', '—', 'no'],
  ])('%p is found by %p: %s', (name, query, result) => {
    expect(found([name], query)).toBe(result);
  });

  it('finds nothing to look for in a query without words', () => {
    expect(queryTokens(key, ' . ')).toEqual({ folded: [], exact: [] });
  });

  const text = fc.string({ unit: fc.constantFrom(...'aăâdđeễhoộnơtuưyN -'.split('')), maxLength: 40 });

  it('finds any text by each of its words, and without diacritics too', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        for (const word of searchWords(`${a} ${b}`)) {
          expect(found([a, b], word)).toBe('exact');
          expect(found([a, b], foldVietnamese(word))).not.toBe('no');
        }
      }),
    );
  });

  it('never finds a text that lacks a word of the query', () => {
    fc.assert(
      fc.property(text, text, (a, query) => {
        const have = new Set(foldVietnamese(a).split(' '));
        const want = foldVietnamese(query).split(' ');
        const all = want[0] !== '' && want.every((word) => have.has(word));
        expect(found([a], query) !== 'no').toBe(all);
      }),
    );
  });
});
