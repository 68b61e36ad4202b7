import { CATALOGUE, meaningOf, type Code } from '.';
import { MEANINGS_VI } from './meanings-vi';

const codes = Object.keys(CATALOGUE) as Code[];

describe('meaningOf', () => {
  it.each(codes)('says what %s means in English and Vietnamese, as one sentence in normal form C', (code) => {
    const [en, vi] = [meaningOf(code, 'en'), meaningOf(code, 'vi')];
    expect(en).toBe(CATALOGUE[code].meaning);
    expect(vi).toMatch(/^\p{Lu}[^.]{9,}\.$/u);
    expect(vi).toBe(vi.normalize('NFC'));
    expect(vi).not.toBe(en);
  });

  it('has the codes of the catalogue in Vietnamese, in its order, each with a meaning of its own', () => {
    expect(Object.keys(MEANINGS_VI)).toEqual(codes);
    expect(new Set(codes.map((code) => meaningOf(code, 'vi'))).size).toBe(codes.length);
  });
});
