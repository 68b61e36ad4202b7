import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../libs/errors';
import { ROOT } from '../harness/paths';
import { SYNTAX } from './catalogue/a-syntax';
import { ALGORITHMS_AND_KEYS } from './catalogue/b-algorithms';
import { BINDING } from './catalogue/c-binding';
import { TLS_ATTACKS } from './catalogue/d-tls';
import { OUTCOMES } from './catalogue/entry';
import { RECEIPT_ATTACKS } from './catalogue/g-receipts';
import { namedIn, namedTests } from './catalogue/read-titles';

/** Every attack of the catalogue has a test that names it, and every test that names one names one of the catalogue. */
const PARTS = { A: SYNTAX, B: ALGORITHMS_AND_KEYS, C: BINDING, D: TLS_ATTACKS, G: RECEIPT_ATTACKS };
const ENTRIES = Object.values(PARTS).flat();
const tests = namedTests(__dirname);
const ids = ENTRIES.map(({ id }) => id);

describe('the catalogue of attacks', () => {
  it.each([
    ['A', 20],
    ['B', 24],
    ['C', 24],
    ['D', 24],
    ['G', 16],
  ] as const)('%s has %d entries, numbered in order', (letter, count) => {
    const numbers = Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, '0')}`);
    expect(PARTS[letter].map(({ id }) => id)).toEqual(numbers);
  });

  it('has a test for each entry', () => {
    const named = new Set(tests.map(({ id }) => id));
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  it('has an entry for each test', () => {
    expect(tests.filter(({ id }) => !ids.includes(id))).toEqual([]);
    expect(tests.length).toBeGreaterThan(ENTRIES.length);
  });

  it('names files that are there', () => {
    const files = new Set(ENTRIES.flatMap(({ where }) => where));
    expect([...files].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('intends codes of the closed list, and the tests of an entry expect them', () => {
    const missing = ENTRIES.flatMap(({ id, outcome }) => {
      const files = new Set(tests.filter((test) => test.id === id).map(({ file }) => file));
      const source = [...files].map((file) => readFileSync(join(__dirname, file), 'utf8')).join('');
      return outcome
        .filter((end) => !Object.hasOwn(OUTCOMES, end) && !(Object.hasOwn(CATALOGUE, end) && source.includes(end)))
        .map((end) => `${id} ${end}`);
    });
    expect(missing).toEqual([]);
  });

  it('says something in every column', () => {
    expect(
      ENTRIES.filter(
        ({ attack, control, where, outcome }) => !attack || !control || where.length === 0 || outcome.length === 0,
      ),
    ).toEqual([]);
    expect(new Set(ENTRIES.map(({ attack }) => attack)).size).toBe(ENTRIES.length);
  });
});

describe('reading titles', () => {
  it('finds the tests, and not the groups', () => {
    const source = [
      `it('A-01 white space %j', () => {});`,
      `it.each([['C-99']])("B-02 it's a key", () => {});`,
      'describe(`D-03 a group`, () => {',
      `  it('A-16 cut, A-17 flipped', () => {});`,
      `it('without an attack', () => {}); // 'see B-07'`,
    ].join('\n');
    expect(namedIn(source)).toEqual(['A-01', 'C-99', 'B-02', 'A-16', 'A-17']);
  });
});
