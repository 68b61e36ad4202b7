import { randomUUIDv7 } from 'node:crypto';
import { TraoError } from '../../libs/errors';
import { assertMessage, type ConsentRecord, type ConsentScope, type Message } from '../../libs/schema';

export const SENDER_UNIT = 'vn.mps-criminal';
export const RECIPIENT_UNIT = 'gb.ho-sca';

/** A line of Vietnamese without blanks: each letter is three bytes long, so that 200 letters, the limit of a line, are 600. */
const LETTERS = 'ạảấầẩẫậắằẳẵặẹẻẽếềểễệ';
const LINE = LETTERS.repeat(10);
const PARAGRAPH = LETTERS.repeat(25).slice(0, 490);
const MAX_PERSONS = 20;
const MAX_QUESTIONS = 20;

/**
 * A valid, invented referral whose JSON has `sizeBytes`: a family search, because that is the purpose with the longest lists.
 * It is filled with sought persons, then with questions; the text of the last question makes it exact.
 * @throws TraoError `config_invalid` when no valid referral has that size
 */
export function documentOf(sizeBytes: number): Message {
  const persons: object[] = [relative('Phan Thị Hư Cấu')];
  const questions: { code: string; text: string }[] = [question(0, 1)];
  const build = (): unknown => ({
    ...BASE,
    trace: { persons, discloseToFamily: 'message' },
    questions,
  });
  const fits = () => bytesOf(build()) <= sizeBytes;
  const fill = (list: object[], most: number, make: (index: number) => object) => {
    while (list.length < most) {
      list.push(make(list.length));
      if (fits()) continue;
      list.pop();
      return;
    }
  };
  fill(persons, MAX_PERSONS, (index) => relative(`${index} ${LINE.slice(0, 190)}`, LINE));
  fill(questions, MAX_QUESTIONS - 1, (index) => ({ code: 'other', text: `${index} ${PARAGRAPH}` }));
  if (questions.length > 1) questions.push(question(questions.length, 1));
  const missing = sizeBytes - bytesOf(build());
  const last = questions.at(-1)!;
  last.text += filler(missing, 480);
  return assertSized(build(), sizeBytes);
}

const question = (index: number, length: number) => ({ code: 'other', text: `${index} ${'?'.repeat(length)}` });

/** Text of `bytes` bytes with at most `most` letters. */
function filler(bytes: number, most: number): string {
  const wide = bytes > most ? Math.ceil((bytes - most) / 2) : 0;
  return PARAGRAPH.slice(0, Math.max(wide, 0)) + 'x'.repeat(Math.max(bytes - 3 * wide, 0));
}

function relative(full: string, line = 'Kent'): object {
  const name = { full, latin: 'PHAN THI HU CAU', family: line, middle: line, given: line };
  const lastKnownPlace = { country: 'VNM', province: line, commune: line, formerDistrict: line };
  return { name, relation: 'sibling', birthYear: 1995, lastKnownPlace };
}

function assertSized(document: unknown, sizeBytes: number): Message {
  assertMessage(document);
  const size = bytesOf(document);
  if (size !== sizeBytes) {
    throw new TraoError('config_invalid', {
      detail: `No valid referral of the benchmark has ${sizeBytes} bytes: the nearest has ${size}.`,
    });
  }
  return document;
}

const bytesOf = (document: unknown) => Buffer.byteLength(JSON.stringify(document));

/** The same referral as another message of another case, as the bare measurements need it; a real node numbers by itself. */
export function renewed(message: Message): Message {
  const header = { ...message.header, messageId: randomUUIDv7(), referralId: randomUUIDv7() };
  return { ...message, header } as Message;
}

/** The consent that the sender's unit keeps for the referral: the invented person agreed two weeks ago. */
export function consentRecord(): ConsentRecord {
  const { scopes, takenAt, expiresAt, language, interpreterUsed, formVersion, formSha256, takenByUnit } = CONSENT;
  return {
    status: 'given',
    grants: scopes.map((scope) => ({ scope, country: 'GBR', unitClass: 'competent_authority', purpose: 'TRACE' })),
    takenAt,
    expiresAt,
    language,
    interpreterUsed,
    explainedBy: { role: 'case_officer', unit: takenByUnit },
    takenByUnit,
    formVersion,
    formSha256,
    questions: {
      who: true,
      what: true,
      why: true,
      how_long: true,
      right_to_refuse: true,
      right_to_withdraw: true,
      consequences: true,
    },
    wayToWithdraw: 'any_unit',
  };
}

const DAY_MS = 86_400_000;
const dayFromNow = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const CONSENT = {
  status: 'given',
  scopes: ['family_tracing', 'share_with_services'] as ConsentScope[],
  legalBasis: 'consent',
  takenAt: dayFromNow(-14),
  language: 'vi',
  interpreterUsed: true,
  formVersion: 'HTCDS-2.0/vi-3',
  formSha256: 'oqYhdho8pfSrh5cGVLXF85u6Z6a9HGwd45XOso7ELws',
  takenByUnit: SENDER_UNIT,
  expiresAt: dayFromNow(351),
};

const BASE = {
  header: {
    schemaVersion: '1.0',
    messageId: '01a1c863-8dd0-7e60-a65d-48e4229c9481',
    messageType: 'referral',
    referralId: '201bba31-f985-4ef4-8295-fab98f0d340b',
    seq: 1,
    senderUnit: SENDER_UNIT,
    recipientUnit: RECIPIENT_UNIT,
    authorRole: 'case_officer',
    approverRole: 'liaison_officer',
    createdAt: '2026-11-11T02:15:30.000Z',
    purpose: 'TRACE',
    priority: 'normal',
  },
  contact: {
    focal: {
      role: 'liaison_officer',
      name: 'Trần Văn Mẫu',
      phone: '+84 24 0000 0101',
      email: 'benchmark@mps.example',
    },
  },
  handling: { code: 'H1', caveats: ['no_immigration_enforcement'], onward: 'with_permission' },
  consent: CONSENT,
  identityMode: 'identified',
  person: {
    ageStatus: 'adult',
    name: { full: 'Phan Hữu Hư Cấu', latin: 'PHAN HUU HU CAU' },
    birth: { year: 1990 },
    citizenship: ['VNM'],
    birthplace: { country: 'VNM', province: 'Hải Phòng' },
    unaccompanied: 'n_a',
  },
  familyContact: 'allowed',
  consularContact: 'allowed',
};
