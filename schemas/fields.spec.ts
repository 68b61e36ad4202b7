import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraoError } from '../libs/errors';
import { assertMessage, codeList, fieldRules, type FieldRule } from '../libs/schema';

type Document = { [name: string]: unknown };

const read = (path: string): unknown => JSON.parse(readFileSync(join(__dirname, path), 'utf8'));
const codesOf = (name: string) => codeList(name)?.entries.map(({ code }) => code);
const PURPOSES = codesOf('purpose') ?? [];
const EXAMPLES: { readonly [purpose: string]: string } = {
  VERIFY: 'verify-adult',
  PROTECT: 'protect-adult',
  TRACE: 'trace-adult',
  RETURN: 'return-adult',
  IDINFO: 'idinfo-identified',
  ALERT: 'alert-imminent-movement',
  FOLLOW: 'follow',
};
/** Values for the fields below a section, which matrix.spec.ts does not look into. */
const VALUES: { readonly [path: string]: unknown } = {
  'header.groupRef': '3f2b8c1e-5d6a-4e7f-8a9b-0c1d2e3f4a5b',
  'header.journeyRef': '3f2b8c1e-5d6a-4e7f-8a9b-0c1d2e3f4a5b',
  'person.birth.date': '1999-12-31',
  'exploitation.types': ['forced_labour'],
  'exploitation.acts': ['receipt'],
  'exploitation.means': ['deception'],
  'exploitation.control': ['threats'],
  'exploitation.sector': ['A'],
  'exploitation.recruitment': { method: 'at_work' },
  'exploitation.places': [{ event: 'transit', country: 'FRA' }],
  'exploitation.stillInSituation': false,
  'exploitation.lastContact': 'not_sure',
  'exploitation.narrative': 'Worked without pay.',
  'location.precise': { address: '1 Example Street', basis: 'vital_interest', expiresAt: '2026-11-10T00:00:00Z' },
};
const cellsOf = ({ cells }: FieldRule) => PURPOSES.map((purpose) => cells[purpose as keyof typeof cells]).join(' ');

function pointersOf(document: Document): readonly string[] {
  try {
    assertMessage(document);
    return [];
  } catch (error) {
    return (error as TraoError).faults.map(({ pointer }) => pointer);
  }
}

/** The referral that the example of `purpose` is, with `value` at `path`, or without the member when `value` is undefined. */
function changed(purpose: string, path: string, value: unknown): Document {
  const document = read(`referral/v1/examples/valid/referral-${EXAMPLES[purpose]}.json`) as Document;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let owner = document;
  for (const step of steps) {
    // A birth has one member only.
    if (owner[step] === undefined || step === 'birth') owner[step] = {};
    owner = owner[step] as Document;
  }
  if (path.startsWith('exploitation.')) owner['types'] ??= ['forced_labour'];
  if (path.startsWith('location.')) owner['current'] ??= { country: 'GBR' };
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return document;
}

describe('the field matrix as data', () => {
  it('has the cells of the table in matrix.spec.ts', () => {
    const table = /const MATRIX = `([^`]+)`/.exec(readFileSync(join(__dirname, 'matrix.spec.ts'), 'utf8'))?.[1] ?? '';
    const rows = table
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/));
    expect(rows.length).toBeGreaterThan(30);
    for (const [section = '', ...cells] of rows) {
      // A section with rows of its own for its fields is as binding as its most binding field.
      const own = fieldRules().filter(({ path }) => path === section);
      const found = own.length > 0 ? own : fieldRules().filter(({ path }) => path.startsWith(`${section}.`));
      const strongest = PURPOSES.map((_purpose, index) =>
        ['M', 'C', 'O', 'X'].find((cell) => found.some((rule) => cellsOf(rule).split(' ')[index] === cell)),
      );
      expect([section, ...strongest]).toEqual([section, ...cells]);
    }
  });

  const cells = fieldRules().flatMap((rule) =>
    PURPOSES.map((purpose) => ({ path: rule.path, purpose, cell: rule.cells[purpose as keyof typeof rule.cells] })),
  );
  const pointerOf = (path: string) => `/${path.replaceAll('.', '/')}`;

  it('has a value to try for every field below a section that may be absent', () => {
    const sections = ['header.', 'handling.', 'contact.', 'exploitation.', 'location.', 'person.birth.'];
    const paths = cells.filter(({ path, cell }) => cell !== 'M' && sections.some((each) => path.startsWith(each)));
    const untried = new Set(paths.map(({ path }) => path));
    for (const path of Object.keys(VALUES)) untried.delete(path);
    // The place is tried with its section in matrix.spec.ts; what depends on other messages is tried in examples.
    expect([...untried]).toEqual(['header.inReplyTo', 'header.prevDigest', 'contact.focal', 'location.current']);
  });

  const tried = cells.filter(({ path }) => path in VALUES);

  it.each(tried.filter(({ cell }) => cell !== 'X'))('$purpose allows $path', ({ path, purpose }) => {
    expect(pointersOf(changed(purpose, path, VALUES[path]))).toEqual([]);
  });

  it.each(tried.filter(({ cell }) => cell === 'X'))('$purpose forbids $path', ({ path, purpose }) => {
    const [pointer = 'none'] = pointersOf(changed(purpose, path, VALUES[path]));
    // Where the purpose forbids the whole section, the fault stands there.
    expect(`${pointerOf(path)}/`.startsWith(`${pointer}/`)).toBe(true);
  });

  it.each(cells.filter(({ path, cell }) => cell === 'M' && path.includes('.')))(
    '$purpose needs $path',
    ({ path, purpose }) => {
      expect(pointersOf(changed(purpose, path, undefined))).toContain(pointerOf(path));
    },
  );

  it('says when a conditional field is given, and only then', () => {
    const conditional = fieldRules().filter((rule) => cellsOf(rule).includes('C'));
    expect(fieldRules().filter(({ condition }) => condition !== undefined)).toEqual(conditional);
  });

  it('names the scope of consent that a field needs', () => {
    const scopes = fieldRules().flatMap(({ path, scope }) => (scope === undefined ? [] : [[path, scope]]));
    const details = 'acts means control sector recruitment places stillInSituation lastContact'.split(' ');
    expect(Object.fromEntries(scopes)).toEqual({
      'person.photo': 'photo',
      ...Object.fromEntries(details.map((field) => [`exploitation.${field}`, 'exploitation_details'])),
      'exploitation.narrative': 'narrative',
      'location.precise': 'precise_location',
      trace: 'family_tracing',
      health: 'health',
      return: 'return_planning',
      plan: 'return_planning',
      handoverPlan: 'return_planning',
      followup: 'followup',
    });
    expect(codesOf('consentScope')).toEqual(expect.arrayContaining(scopes.map(([, scope]) => scope)));
  });
});
