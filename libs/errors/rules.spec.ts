import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES, faultAt, type RuleCode } from '.';

const codes = Object.keys(RULES) as RuleCode[];
const placesOf = (sentence: string): string[] => [...new Set(sentence.match(/\{\d+\}/g) ?? [])].sort();

describe('the catalogue of rules', () => {
  it.each(codes)('says %s in English and Vietnamese, in normal form C, with the same places', (code) => {
    const { en, vi } = RULES[code];
    for (const sentence of [en, vi]) {
      expect(sentence).toBe(sentence.normalize('NFC'));
      expect(sentence).toBe(sentence.trim());
      // A rule comes after the place that breaks it, so it is no sentence of its own.
      expect(sentence).toMatch(/^\p{Ll}.*[^.]$/u);
    }
    expect(placesOf(vi)).toEqual(placesOf(en));
    expect(placesOf(en)).toEqual(placesOf(en).map((_place, index) => `{${index}}`));
    expect(vi).not.toBe(en);
  });

  it('has each code once, in one spelling, each with words of its own', () => {
    // One section must not take over the code of another, which the merged catalogue would hide.
    const written = readFileSync(join(__dirname, 'rules.ts'), 'utf8').match(/^ {2}\w+: rule\(/gm) ?? [];
    expect(written).toHaveLength(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(new Set(codes.map((code) => code.replaceAll('_', ''))).size).toBe(codes.length);
    expect(new Set(codes.map((code) => RULES[code].en)).size).toBe(codes.length);
    expect(new Set(codes.map((code) => RULES[code].vi)).size).toBe(codes.length);
  });
});

describe('faultAt', () => {
  it('puts bounds and names into both sentences', () => {
    expect(faultAt('/a', 'too_long', 40)).toEqual({
      pointer: '/a',
      code: 'too_long',
      rule: 'must have at most 40 characters',
      ruleVi: 'chỉ được có tối đa 40 ký tự',
    });
    expect(faultAt('', 'wrong_type', { en: 'a text', vi: 'một chuỗi văn bản' })).toMatchObject({
      rule: 'must be a text',
      ruleVi: 'phải là một chuỗi văn bản',
    });
    expect(faultAt('/b', 'other_recipient', '--to gb.nca').ruleVi).toBe('chỉ đến đơn vị khác với --to gb.nca');
  });
});
