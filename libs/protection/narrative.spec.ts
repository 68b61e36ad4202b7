import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEEP_REASONS, narrativeFindings, undecided, type Decision } from '.';
import type { Message } from '../schema';
import { EXAMPLES, example, listed, referralExample } from './fixtures/examples';
import { TEXT_PATHS } from './narrative';

const digestOfText = (text: string) => `digest of ${text}`;
const NARRATIVE = '/exploitation/narrative';
const telling = (narrative: string) => {
  const message = referralExample('protect-adult');
  message.exploitation!.narrative = narrative;
  return message;
};
const places = (message: Message, known?: string[]) =>
  narrativeFindings(message, known).map(
    ({ pointer, findings }) => `${pointer}: ${findings.map(({ kind }) => kind).join(', ')}`,
  );

describe('what free texts give away', () => {
  it('is found in the account of what happened', () => {
    expect(places(telling('Call +44 7700 900123 at night.'))).toEqual([`${NARRATIVE}: phone`]);
    expect(places(telling('Works in a nail bar.'))).toEqual([]);
  });

  it.each([
    ['the full name', 'nguyễn thị ví dụ works there.'],
    ['the Latin form', 'NGUYEN THI VI DU works there.'],
    ['an alias', 'They call her Lily.'],
  ])('are the names that the message gives itself: %s', (_what, text) => {
    expect(places(telling(text))).toEqual([`${NARRATIVE}: known_name`]);
  });

  it('are names of the family and of the guardian', () => {
    const message = referralExample('trace-child');
    const ask = (text: string) => {
      message.questions = [{ code: 'other', text }];
      return places(message);
    };
    expect(ask('Where is giàng thị mẫu now?')).toEqual(['/questions/0/text: known_name']);
    expect(ask('Ask robin template.')).toEqual(['/questions/0/text: known_name']);
    expect(ask('Ask the guardian.')).toEqual([]);
  });

  it('are names that the case knows', () => {
    const update = { ...example('update-protect-farm-safe'), update: { note: 'Seen with Zorka.' } } as Message;
    expect(places(update)).toEqual([]);
    expect(places(update, ['Zorka'])).toEqual(['/update/note: known_name']);
  });

  it.each([...EXAMPLES.keys()])('is nothing in %s', (name) => {
    expect(narrativeFindings(example(name))).toEqual([]);
  });
});

describe('a text with findings', () => {
  const text = 'Call +44 7700 900123 at night.';
  const message = telling(text);
  const decision: Decision = {
    pointer: NARRATIVE,
    textDigest: digestOfText(text),
    decision: 'keep',
    by: 'officer',
    at: '2026-11-20T00:00:00Z',
    reason: KEEP_REASONS[0],
  };

  it('needs the decision of an officer', () => {
    expect(listed(undecided(message, [], digestOfText))).toEqual([`narrative_undecided ${NARRATIVE}`]);
    expect(undecided(message, [decision], digestOfText)).toEqual([]);
  });

  it('needs it for exactly this text, in this place', () => {
    for (const other of [{ pointer: '/questions/0/text' }, { textDigest: digestOfText('another') }]) {
      expect(undecided(message, [{ ...decision, ...other }], digestOfText)).toHaveLength(1);
    }
    expect(undecided(message, [{ ...decision, pointer: '/x' }, decision], digestOfText)).toEqual([]);
  });

  it('is described by kind and position, never by its words', () => {
    const two = telling(`${text} Or Lily.`);
    const [fault] = undecided(two, [], digestOfText);
    expect([fault?.rule, fault?.ruleVi]).toEqual([
      'may tell who somebody is; an officer must change or keep it: telephone number (6–20), name of the case (35–38)',
      'có thể cho biết danh tính; cán bộ phải sửa hoặc quyết định giữ lại: số điện thoại (6–20), tên trong hồ sơ (35–38)',
    ]);
    expect(JSON.stringify(fault)).not.toMatch(/7700|Lily/);
  });

  it('may be found out by what the case knows', () => {
    const plain = telling('Seen with Zorka.');
    expect(undecided(plain, [], digestOfText)).toEqual([]);
    expect(undecided(plain, [], digestOfText, ['Zorka'])).toHaveLength(1);
  });
});

type Schema = { readonly [keyword: string]: unknown };
const FOLDER = join(__dirname, '../../schemas/referral/v1');
const schemas = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.schema.json'))
    .map((file) => [file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Schema]),
);
/** The pattern of a text that takes any letter: everything narrower is a code, a number, a date or an address of the net. */
const ANY_LETTER = /^\^\[\^\\\\u0000/;

/** The paths of all free texts of a schema, as `valuesAt` takes them. */
function textsIn(schema: Schema, file: string, path: string): string[] {
  if (typeof schema['$ref'] === 'string') {
    const [name = '', pointer = ''] = schema['$ref'].split('#');
    const target = name || file;
    const found = pointer
      .split('/')
      .slice(1)
      .reduce<Schema>((at, key) => at[key] as Schema, schemas.get(target)!);
    return textsIn(found, target, path);
  }
  if (typeof schema['pattern'] === 'string')
    return ANY_LETTER.test(JSON.stringify(schema['pattern']).slice(1)) ? [path] : [];
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const members = Object.entries((schema['properties'] ?? {}) as { [name: string]: Schema | boolean });
  return [
    ...members.flatMap(([name, member]) => (typeof member === 'boolean' ? [] : textsIn(member, file, below(name)))),
    ...(schema['items'] ? textsIn(schema['items'] as Schema, file, below('*')) : []),
  ];
}

/** Texts of the schemas that nobody scans, and why. */
const NOT_SCANNED = [
  // The focal person is named on purpose, with a telephone number.
  /(^|\.)focal\./,
  /handBack\.contact\./,
  // Names that stand where names belong, and the way to reach the person.
  /(^|\.)name\.(full|family|middle|given)$/,
  /person\.aliases\.\*$/,
  /guardian\.contact\.name$/,
  /safeContact\.\*\.value$/,
  // Places.
  /\.(province|commune|formerDistrict|arrivalProvince)$/,
  // Numbers that authorities and carriers give.
  /police\.reference$/,
  /ack\.localReference$/,
  /\.flight$/,
  /consent\.formVersion$/,
];

describe('the list of free texts', () => {
  it('has every free text of every message', () => {
    const all = [...schemas].flatMap(([file, schema]) =>
      // Files of parts have no properties of their own.
      schema['properties'] ? textsIn(schema, file, '') : [],
    );
    const texts = [...new Set(all)].filter((path) => !NOT_SCANNED.some((exempt) => exempt.test(path)));
    const ours = new Set(TEXT_PATHS);
    const inContent = (path: string) => path.replace(/^(rfiResponse|update|correction)\.disclosed\./, '');
    expect([...new Set(texts.map(inContent))].sort()).toEqual([...ours].sort());
    for (const exempt of NOT_SCANNED) expect(all.some((path) => exempt.test(path))).toBe(true);
  });
});
