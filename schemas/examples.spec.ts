import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TraoError } from '../libs/errors';
import { assertDirectory, assertMessage, assertReceipt, messageTypeOf, parseStrictJson } from '../libs/schema';

interface Expected {
  readonly code: string;
  readonly pointer: string;
}

const CONTRACTS: readonly { folder: string; check: (value: unknown) => void }[] = [
  { folder: 'referral/v1', check: (value) => assertMessage(value) },
  { folder: 'receipt/v1', check: (value) => assertReceipt(value) },
  { folder: 'directory/v1', check: (value) => assertDirectory(value) },
];

const folderOf = (contract: string, kind: string) => join(__dirname, contract, 'examples', kind);
const filesOf = (contract: string, kind: string) =>
  readdirSync(folderOf(contract, kind)).filter((name) => name !== 'expected.json');
const read = (contract: string, kind: string, file: string) => readFileSync(join(folderOf(contract, kind), file));
const expectedOf = (contract: string) =>
  JSON.parse(read(contract, 'invalid', 'expected.json').toString()) as { [file: string]: Expected };

function refusal(action: () => void): TraoError {
  try {
    action();
  } catch (error) {
    if (error instanceof TraoError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe.each(CONTRACTS)('examples of $folder', ({ folder, check }) => {
  it.each(filesOf(folder, 'valid'))('accepts %s', (file) => {
    const bytes = read(folder, 'valid', file);
    expect(parseStrictJson(bytes)).toEqual(JSON.parse(bytes.toString()));
    check(parseStrictJson(bytes));
  });

  it.each(filesOf(folder, 'invalid'))('refuses %s for the one named reason', (file) => {
    const error = refusal(() => check(parseStrictJson(read(folder, 'invalid', file))));
    const { code, pointer } = expectedOf(folder)[file] ?? { code: 'no expectation', pointer: '' };
    expect({ code: error.code, pointers: error.faults.map((fault) => fault.pointer) }).toEqual({
      code,
      pointers: [pointer],
    });
  });

  it('has an expectation for every invalid file and no other', () => {
    expect(Object.keys(expectedOf(folder)).sort()).toEqual(filesOf(folder, 'invalid').sort());
  });
});

describe('examples of referral/v1 as a whole', () => {
  const messages = filesOf('referral/v1', 'valid').map((file) => {
    const message: unknown = parseStrictJson(read('referral/v1', 'valid', file));
    assertMessage(message);
    return { file, message };
  });
  const referrals = messages
    .filter(({ message }) => messageTypeOf(message) === 'referral')
    .map(({ message }) => message);

  it('are many enough', () => {
    expect(referrals.length).toBeGreaterThanOrEqual(10);
    expect(filesOf('referral/v1', 'invalid').length).toBeGreaterThanOrEqual(25);
  });

  it('cover every purpose and every identity mode', () => {
    expect(new Set(referrals.map((message) => message.header.purpose)).size).toBe(7);
    expect(new Set(referrals.map((message) => 'identityMode' in message && message.identityMode)).size).toBe(3);
  });

  it.each(['ack', 'accept', 'decline', 'ping'])('hold two messages of type %s', (type) => {
    expect(messages.filter(({ message }) => messageTypeOf(message) === type).length).toBeGreaterThanOrEqual(2);
  });

  it('start with the message type in the file name and use every message id once', () => {
    for (const { file, message } of messages) expect(file.startsWith(`${messageTypeOf(message)}-`)).toBe(true);
    expect(new Set(messages.map(({ message }) => message.header.messageId)).size).toBe(messages.length);
  });

  it('refuse a document over 1 MiB, which is made here and not kept as a file', () => {
    const bytes = Buffer.concat([read('referral/v1', 'valid', 'ping-vn-to-gb.json'), Buffer.alloc(1_048_576, ' ')]);
    expect(refusal(() => parseStrictJson(bytes)).code).toBe('too_large');
  });

  it('name only telephone numbers that nobody has and mail domains that cannot exist', () => {
    const text = messages.map(({ message }) => JSON.stringify(message)).join('\n');
    const phones = text.match(/\+[0-9][0-9 ]{5,}/g) ?? [];
    const unassigned = /^\+(44 7700 900\d{3}|44 20 7946 0\d{3}|44 1(13|61) 496 0\d{3}|84 24 0000 \d{4})$/;
    expect(phones.filter((phone) => !unassigned.test(phone.trim()))).toEqual([]);
    expect((text.match(/@[A-Za-z0-9.-]+/g) ?? []).filter((domain) => !domain.endsWith('.example'))).toEqual([]);
  });
});
