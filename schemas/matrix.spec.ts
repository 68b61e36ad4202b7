import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, TraoError } from '../libs/errors';
import { assertMessage } from '../libs/schema';
import parts from './referral/v1/parts.schema.json';

/**
 * The field matrix (docs: domain model, purposes and fields), row for row: M mandatory, O optional, C conditional, X
 * forbidden. C is optional here; the conditions have their own tests below and in examples.
 */
const MATRIX = `
  contact                   M M M M M M O
  handling                  M M M M M M M
  evaluation                X O X X C M X
  consent                   M M M M M C M
  identityMode              M M M M M M M
  person.ageStatus          M M M M M M O
  person.name               M C M M C C X
  person.aliases            O O X O O O X
  person.birth              M C M M C O X
  person.gender             M M O M O O O
  person.citizenship        M M M M M O O
  person.birthplace         M X M O O X X
  person.documents          C X O M X X X
  person.photo              C X C C X X X
  person.languages          O M O M O M O
  person.communicationNeeds O M X M O M X
  person.dependants         X O X M X O X
  person.unaccompanied      X C M C X C X
  guardian                  C C C C C C C
  bestInterests             O C C C X X O
  identification            X M X M M O O
  exploitation              X M X O M O X
  risk                      X M C M X M O
  alert                     X X X X X M X
  location                  X M X M X M X
  safeContact               X C X C X C C
  familyContact             M M M M M M O
  consularContact           M M M M M M O
  trace                     X X M O X X X
  needs                     X M X M X O O
  health                    X O X C X O X
  police                    X O X X O O X
  return                    X X X M X X O
  plan                      X X X C X X X
  questions                 C O O O M X O
  attachments               O O O O O O X
`;
type Document = { [name: string]: unknown };

const load = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, 'referral/v1/examples/valid', `referral-${name}.json`), 'utf8')) as Document;
const BASES: { readonly [purpose: string]: string } = {
  VERIFY: 'verify-adult',
  PROTECT: 'protect-adult',
  TRACE: 'trace-adult',
  RETURN: 'return-adult',
  IDINFO: 'idinfo-identified',
  ALERT: 'alert-imminent-movement',
  FOLLOW: 'follow',
};
const PURPOSES = Object.keys(BASES);
/** Values for fields that a purpose's example lacks: taken from whichever example has them. */
const donors = [...Object.values(BASES), 'trace-child', 'return-child', 'verify-child'].map(load);

function pathOf(field: string): { section: string | undefined; name: string } {
  const [first = '', second] = field.split('.');
  return second === undefined ? { section: undefined, name: first } : { section: first, name: second };
}
function ownerOf(document: Document, field: string): Document {
  const { section } = pathOf(field);
  return section === undefined ? document : ((document[section] ??= {}) as Document);
}
function donated(field: string): unknown {
  const { name } = pathOf(field);
  const value = donors
    .map((donor) => ownerOf(structuredClone(donor), field)[name])
    .find((found) => found !== undefined);
  if (value === undefined) throw new Error(`no example has ${field}`);
  return value;
}
function faults(document: Document): Fault[] {
  try {
    assertMessage(document);
    return [];
  } catch (error) {
    return [...(error as TraoError).faults];
  }
}

const cells = MATRIX.trim()
  .split('\n')
  .flatMap((line) => {
    const [field = '', ...cellsOfRow] = line.trim().split(/\s+/);
    return cellsOfRow.map((cell, index) => ({ field, purpose: PURPOSES[index] ?? '', cell }));
  });

describe('the field matrix', () => {
  it('has a cell for every field and purpose', () => {
    expect(cells).toHaveLength(36 * 7);
  });

  const of = (kind: RegExp) => cells.filter(({ cell }) => kind.test(cell));
  const pointerTo = (field: string) => `/${field.replace('.', '/')}`;

  it.each(of(/X/))('$purpose forbids $field', ({ field, purpose }) => {
    const document = load(BASES[purpose] ?? '');
    ownerOf(document, field)[pathOf(field).name] = donated(field);
    const [fault] = faults(document).filter((found) => found.pointer === pointerTo(field));
    expect(fault?.rule).toBe('is not allowed for this purpose');
  });

  it.each(of(/[MOC]/))('$purpose allows $field', ({ field, purpose }) => {
    const document = load(BASES[purpose] ?? '');
    ownerOf(document, field)[pathOf(field).name] ??= donated(field);
    expect(faults(document)).toEqual([]);
  });

  it.each(of(/[MO]/))('$purpose $field is $cell', ({ field, purpose, cell }) => {
    const document = load(BASES[purpose] ?? '');
    delete ownerOf(document, field)[pathOf(field).name];
    const missing = faults(document).some((found) => found.pointer === pointerTo(field));
    expect(missing).toBe(cell === 'M');
  });
});

/** Messages that send sections of a referral later, each with a body that lacks nothing but those. */
const CARRIERS: { readonly [type: string]: { readonly member: string; readonly body: Document } } = {
  rfi_response: { member: 'rfiResponse', body: { answers: [{ question: 'q1', status: 'answered' }] } },
  update: { member: 'update', body: { status: 'in_progress' } },
  correction: { member: 'correction', body: { kind: 'field_corrected', code: 'wrong_value' } },
};
const SECTIONS = new Set(Object.keys(parts.$defs.disclosed.properties));
/** What the referral alone says, and no later message about the person. */
const ONLY_IN_REFERRAL =
  'contact handling evaluation consent identityMode alert familyContact consularContact plan questions attachments'.split(
    ' ',
  );

describe.each(Object.entries(CARRIERS))('the field matrix in %s', (messageType, { member, body }) => {
  const disclosing = (purpose: string, disclosed: Document): Document => {
    const { header } = load(BASES[purpose] ?? '') as { header: Document };
    const { messageId: inReplyTo } = header;
    const prevDigest = 'wD8e9w7XN5qp9tIhRvlcWHEtqkMQK5n5tDI7_wJ44Zs';
    return {
      header: { ...header, messageType, seq: 2, prevDigest, inReplyTo },
      [member]: { ...body, disclosed },
    };
  };
  const withField = (purpose: string, field: string, value: unknown): Document => {
    const { section, name } = pathOf(field);
    return disclosing(purpose, section === undefined ? { [name]: value } : { [section]: { [name]: value } });
  };
  const place = `/${member}/disclosed`;
  const rows = cells.filter(({ field }) => SECTIONS.has(field.split('.')[0] ?? ''));

  it('covers every row, but for what only a referral says', () => {
    const fields = cells.map(({ field }) => field);
    expect(new Set(fields.filter((field) => !rows.some((row) => row.field === field)))).toEqual(
      new Set(ONLY_IN_REFERRAL),
    );
    const disclosed = Object.fromEntries(ONLY_IN_REFERRAL.map((field) => [field, donated(field)]));
    // A place that is unknown and forbidden has one fault, of either kind.
    expect(
      faults(disclosing('PROTECT', disclosed))
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(ONLY_IN_REFERRAL.map((field) => `${place}/${field}`).sort());
  });

  it.each(rows.filter(({ cell }) => cell === 'X'))('$purpose forbids $field', ({ field, purpose }) => {
    const found = faults(withField(purpose, field, donated(field)));
    expect(found.map(({ pointer, code }) => [pointer, code])).toEqual([
      [`${place}/${field.replace('.', '/')}`, 'not_allowed_for_purpose'],
    ]);
  });

  it.each(rows.filter(({ cell }) => cell !== 'X'))('$purpose allows $field', ({ field, purpose }) => {
    // The parts of these fields that only some purposes allow are tested below.
    const whole: Document = {
      'person.birth': { year: 1999 },
      exploitation: { types: ['forced_labour'] },
      location: { current: { country: 'VNM' } },
    };
    expect(faults(withField(purpose, field, whole[field] ?? donated(field)))).toEqual([]);
  });

  it.each([
    ['person.birth', { date: '1999-01-01' }, 'date', ['VERIFY', 'TRACE', 'RETURN']],
    ['exploitation', { types: ['forced_labour'], acts: ['receipt'] }, 'acts', ['PROTECT', 'IDINFO', 'ALERT']],
    ['exploitation', { types: ['forced_labour'], narrative: 'x' }, 'narrative', ['PROTECT', 'IDINFO', 'ALERT']],
    [
      'location',
      {
        current: { country: 'VNM' },
        precise: { address: 'x', basis: 'consent', expiresAt: '2026-11-13T11:40:00Z' },
      },
      'precise',
      ['PROTECT', 'ALERT'],
    ],
  ] as const)('%s may be %j for some purposes only', (field, value, part, allowed) => {
    const forbidsWhole = (purpose: string) =>
      rows.some((row) => row.field === field && row.purpose === purpose && row.cell === 'X');
    for (const purpose of PURPOSES) {
      const pointer = `${place}/${field.replace('.', '/')}`;
      const expected = forbidsWhole(purpose) ? [pointer] : [`${pointer}/${part}`];
      const found = faults(withField(purpose, field, value));
      expect(found.map((fault) => fault.pointer)).toEqual(
        (allowed as readonly string[]).includes(purpose) ? [] : expected,
      );
      expect(new Set(found.map(({ code }) => code))).toEqual(
        new Set(found.length > 0 ? ['not_allowed_for_purpose'] : []),
      );
    }
  });

  it('refuses nothing at all, and what has no field in any message', () => {
    expect(faults(disclosing('VERIFY', {}))).toMatchObject([{ pointer: place, code: 'too_few_fields' }]);
    expect(faults(disclosing('VERIFY', { suspects: [] }))).toMatchObject([
      { pointer: `${place}/suspects`, code: 'unknown_field' },
    ]);
  });

  it('needs a purpose, without which nothing could be forbidden', () => {
    const { header, ...rest } = disclosing('VERIFY', { risk: donated('risk') }) as { header: Document };
    const { purpose: _, ...withoutPurpose } = header;
    expect(faults({ ...rest, header: withoutPurpose }).map(({ pointer }) => pointer)).toContain('/header/purpose');
  });
});

describe('conditional rules', () => {
  const withPerson = (base: string, change: Document, person: Document = {}): Document => {
    const document = load(base);
    return { ...document, ...change, person: { ...(document.person as Document), ...person } };
  };
  const pointers = (document: Document) => faults(document).map((fault) => fault.pointer);

  it.each([
    ['PROTECT', 'protect-adult', ['/person/unaccompanied', '/guardian']],
    ['TRACE', 'trace-adult', ['/bestInterests', '/risk', '/guardian']],
    ['RETURN', 'return-adult', ['/bestInterests', '/person/unaccompanied', '/guardian']],
    ['ALERT', 'alert-imminent-movement', ['/person/unaccompanied', '/guardian']],
    ['VERIFY', 'verify-adult', ['/guardian']],
    ['IDINFO', 'idinfo-identified', ['/guardian']],
    ['FOLLOW', 'follow', ['/guardian']],
  ])('%s asks more for a child', (_purpose, base, expected) => {
    for (const ageStatus of ['child', 'unknown_treated_as_child']) {
      expect(pointers(withPerson(base, {}, { ageStatus })).sort()).toEqual([...expected].sort());
    }
  });

  it.each(['return-child', 'trace-child'])('%s needs a finished best-interests procedure', (base) => {
    expect(pointers(withPerson(base, { bestInterests: { status: 'none' } }))).toEqual(['/bestInterests/status']);
  });

  it('means are needed to identify an adult, not a child', () => {
    const exploitation = { types: ['forced_labour'], acts: ['receipt'] };
    const guardian = { type: 'none' };
    expect(pointers(withPerson('idinfo-identified', { exploitation }))).toEqual(['/exploitation/means']);
    expect(pointers(withPerson('idinfo-identified', { exploitation, guardian }, { ageStatus: 'child' }))).toEqual([]);
  });

  it('an anonymous person has no aliases, place of birth or contact', () => {
    const contact = { safeContact: donated('safeContact') };
    const person = { aliases: ['Lily'], birthplace: { country: 'VNM' } };
    expect(pointers(withPerson('protect-anonymous-servitude', contact, person)).sort()).toEqual([
      '/person/aliases',
      '/person/birthplace',
      '/safeContact',
    ]);
  });

  it('an alert about a known person needs consent or an override', () => {
    const { consent: _, ...alert } = load('alert-imminent-movement');
    expect(pointers(alert)).toEqual(['/consent']);
  });
});
