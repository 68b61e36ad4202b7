import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TraoError } from '../libs/errors';
import {
  assertConsentRecord,
  assertDirectory,
  assertManifest,
  assertMessage,
  assertOverrideRecord,
  assertReceipt,
  messageTypeOf,
  parseStrictJson,
  type ConsentRecord,
  type Message,
  type OverrideRecord,
} from '../libs/schema';
import units from './codes/v1/units.json';
import codes from './referral/v1/codes.schema.json';

interface Expected {
  readonly code: string;
  readonly pointer: string;
  /** Code of the broken rule (libs/errors/rules.ts), where the example pins it. */
  readonly rule?: string;
}

const CONTRACTS: readonly { folder: string; check: (value: unknown, file: string) => void }[] = [
  { folder: 'referral/v1', check: (value) => assertMessage(value) },
  { folder: 'consent/v1', check: checkRecord },
  { folder: 'receipt/v1', check: (value) => assertReceipt(value) },
  { folder: 'manifest/v1', check: (value) => assertManifest(value) },
  { folder: 'directory/v1', check: (value) => assertDirectory(value) },
];

function checkRecord(value: unknown, file: string): void {
  if (file.startsWith('override-')) assertOverrideRecord(value);
  else assertConsentRecord(value);
}

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
    check(parseStrictJson(bytes), file);
  });

  it.each(filesOf(folder, 'invalid'))('refuses %s for the one named reason', (file) => {
    const error = refusal(() => check(parseStrictJson(read(folder, 'invalid', file)), file));
    const { code, pointer, rule } = expectedOf(folder)[file] ?? { code: 'no expectation', pointer: '' };
    expect({ code: error.code, pointers: error.faults.map((fault) => fault.pointer) }).toEqual({
      code,
      pointers: [pointer],
    });
    expect(error.faults[0]?.code).toBe(rule ?? error.faults[0]?.code);
  });

  it('has an expectation for every invalid file and no other', () => {
    expect(Object.keys(expectedOf(folder)).sort()).toEqual(filesOf(folder, 'invalid').sort());
  });
});

const MESSAGES = filesOf('referral/v1', 'valid').map((file) => {
  const message: unknown = parseStrictJson(read('referral/v1', 'valid', file));
  assertMessage(message);
  return { file, message };
});
const REFERRALS = MESSAGES.flatMap(({ file, message }) => ('handling' in message ? [{ file, referral: message }] : []));

/** The message type that an invalid example claims; many claim none, as they are no JSON at all. */
function claimedTypeOf(file: string): unknown {
  try {
    return (JSON.parse(read('referral/v1', 'invalid', file).toString()) as Message).header.messageType;
  } catch {
    return undefined;
  }
}

describe('examples of referral/v1 as a whole', () => {
  it('cover every purpose and every identity mode', () => {
    expect(new Set(REFERRALS.map(({ referral }) => referral.header.purpose)).size).toBe(7);
    expect(new Set(REFERRALS.map(({ referral }) => referral.identityMode)).size).toBe(3);
  });

  it.each(codes.$defs.messageType.enum)('hold three valid and five invalid messages of type %s', (type) => {
    expect(MESSAGES.filter(({ message }) => messageTypeOf(message) === type).length).toBeGreaterThanOrEqual(3);
    const invalid = filesOf('referral/v1', 'invalid').filter((file) => claimedTypeOf(file) === type);
    expect(invalid.length).toBeGreaterThanOrEqual(5);
  });

  it('start with the message type in the file name and use every message id once', () => {
    for (const { file, message } of MESSAGES)
      expect(file.startsWith(`${messageTypeOf(message).replaceAll('_', '-')}-`)).toBe(true);
    expect(new Set(MESSAGES.map(({ message }) => message.header.messageId)).size).toBe(MESSAGES.length);
  });

  it('refuse a document over 1 MiB, which is made here and not kept as a file', () => {
    const bytes = Buffer.concat([read('referral/v1', 'valid', 'ping-vn-to-gb.json'), Buffer.alloc(1_048_576, ' ')]);
    expect(refusal(() => parseStrictJson(bytes)).code).toBe('too_large');
  });

  it('name only telephone numbers that nobody has and mail domains that cannot exist', () => {
    const text = MESSAGES.map(({ message }) => JSON.stringify(message)).join('\n');
    const phones = text.match(/\+[0-9][0-9 ]{5,}/g) ?? [];
    const unassigned =
      /^\+(44 7700 900\d{3}|44 20 7946 0\d{3}|44 1(13|61) 496 0\d{3}|84 24 0000 \d{4}|61 2 5550 \d{4}|61 491 570 006|49 30 23125 \d{3}|855 23 000 \d{4})$/;
    expect(phones.filter((phone) => !unassigned.test(phone.trim()))).toEqual([]);
    expect((text.match(/@[A-Za-z0-9.-]+/g) ?? []).filter((domain) => !domain.endsWith('.example'))).toEqual([]);
  });
});

/** The examples tell stories: all messages of one referral, in the order in which they were written. */
describe.each(REFERRALS)('the story of $file', ({ referral: { header } }) => {
  const story = MESSAGES.map(({ message }) => message)
    .filter((message) => message.header.referralId === header.referralId)
    .sort((a, b) => a.header.createdAt.localeCompare(b.header.createdAt));
  const sides = [header.senderUnit, header.recipientUnit];
  const of = (unit: string) => story.filter((message) => message.header.senderUnit === unit);
  const named = (id: string | undefined) => story.find((message) => message.header.messageId === id);
  /** The digest of a message, as its sender's next message names it. */
  const digestOf = (before: Message | undefined) =>
    of(before?.header.senderUnit ?? '').find((message) => message.header.seq === (before?.header.seq ?? 0) + 1)?.header
      .prevDigest;

  it('begins with the referral and stays between its two units and at its purpose', () => {
    expect(story[0]?.header.messageId).toBe(header.messageId);
    for (const { header: each } of story) {
      expect([each.senderUnit, each.recipientUnit].sort()).toEqual([...sides].sort());
      expect(each.purpose).toBe(header.purpose);
    }
  });

  it('numbers the messages of each side without a gap', () => {
    for (const side of sides) {
      const numbers = [...new Set(of(side).map((message) => message.header.seq))];
      expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
    }
  });

  it('answers and has seen only what was there', () => {
    for (const { header: each } of story) {
      const earlier = of(each.recipientUnit).filter((message) => message.header.createdAt < each.createdAt);
      expect(each.seen ?? 0).toBeLessThanOrEqual(earlier.length);
      if (each.inReplyTo === undefined) continue;
      const answered = named(each.inReplyTo)?.header.createdAt;
      expect(answered !== undefined && answered < each.createdAt).toBe(true);
    }
  });

  it('agrees on the newest plan and travels under it', () => {
    const plans = story.flatMap((message) => ('handoverPlan' in message ? [message] : []));
    for (const [index, { handoverPlan }] of plans.entries()) {
      expect(handoverPlan.version).toBe(index + 1);
      expect(handoverPlan.replaces).toBe(index === 0 ? undefined : digestOf(plans[index - 1]));
    }
    const newest = ({ createdAt }: Message['header']) => plans.findLast((plan) => plan.header.createdAt < createdAt);
    for (const { header: each, handoverAccept } of story.flatMap((m) => ('handoverAccept' in m ? [m] : []))) {
      const plan = newest(each);
      expect(each.inReplyTo).toBe(plan?.header.messageId);
      expect([handoverAccept.version, handoverAccept.planDigest]).toEqual([plan?.handoverPlan.version, digestOf(plan)]);
    }
    for (const { header: each, departureNotice } of story.flatMap((m) => ('departureNotice' in m ? [m] : [])))
      expect(departureNotice.planDigest).toBe(digestOf(newest(each)));
  });
});

const COUNTRIES: { readonly [node: string]: string } = { vn: 'VNM', gb: 'GBR', au: 'AUS', kh: 'KHM', 'eu-de': 'DEU' };
const referralsWith = (...statuses: readonly string[]) =>
  REFERRALS.filter(({ referral }) => statuses.includes(referral.consent?.status ?? ''));
const recordOf = (kind: string, file: string): unknown =>
  parseStrictJson(read('consent/v1', 'valid', `${kind}-${file}`));

describe('the local record behind a referral', () => {
  it.each(referralsWith('given', 'narrowed'))(
    'has each scope of $file, for the country and class of the recipient',
    ({ file, referral: { consent, header, person } }) => {
      const held = recordOf('consent', file) as ConsentRecord;
      const { scopes, legalBasis, ...taken } = consent!;
      const unit = units.entries.find(({ id }) => id === header.recipientUnit)!;
      const recipient = { country: COUNTRIES[unit.node], unitClass: unit.class, purpose: header.purpose };
      expect(legalBasis).toBe('consent');
      expect(held.grants).toEqual(scopes.map((scope) => ({ scope, ...recipient })));
      expect(held).toMatchObject(taken);
      const isChild = person?.ageStatus !== 'adult';
      expect([held.assent?.given ?? false, held.guardianConsent !== undefined]).toEqual([isChild, isChild]);
    },
  );

  it.each(referralsWith('override'))('gives the ground of $file', ({ file, referral: { consent, header } }) => {
    const { basis, decidedAt, expiresAt } = recordOf('override', file) as OverrideRecord;
    expect({ basis, until: expiresAt.slice(0, 10) }).toEqual({ basis: consent?.legalBasis, until: consent?.expiresAt });
    expect(decidedAt < header.createdAt).toBe(true);
  });
});
