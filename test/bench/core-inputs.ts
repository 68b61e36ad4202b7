import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts, Side, Step } from '../../libs/lifecycle';
import type { clearanceFaults } from '../../libs/protection';
import { assertConsentRecord, assertMessage, type ConsentRecord, type Message } from '../../libs/schema';

/** The published valid examples, each folder as an absolute path. */
export interface ExampleFolders {
  readonly messages: string;
  readonly consents: string;
}

/** What the validators are measured on, one after the other and again from the start. */
export interface ValidationInput {
  readonly input: string;
  readonly messages: readonly Message[];
}

const REFERRAL = 'referral-protect-adult.json';
const ANSWER = 'rfi-response-idinfo-scam-compound.json';
const CONSENT = 'consent-referral-protect-adult.json';

const parsed = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

function messageIn(folder: string, file: string): Message {
  const document = parsed(folder, file);
  assertMessage(document);
  return document;
}

/** A referral, a short answer, and all examples there are. */
export function validationInputs({ messages: folder }: ExampleFolders): ValidationInput[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return [
    { input: 'referral', messages: [messageIn(folder, REFERRAL)] },
    { input: 'rfi_response', messages: [messageIn(folder, ANSWER)] },
    { input: 'all examples', messages: files.map((file) => messageIn(folder, file)) },
  ];
}

type Disclosure = Parameters<typeof clearanceFaults>[0];

/** The referral as it stood before it was sealed, with the record of consent that its unit keeps. The rules let it pass. */
export function clearedReferral(folders: ExampleFolders): Disclosure {
  const message = messageIn(folders.messages, REFERRAL);
  const { header } = message;
  return {
    message,
    sender: { unit: header.senderUnit },
    recipient: { unit: header.recipientUnit, node: 'gb', unitClass: 'competent_authority' },
    now: new Date(header.createdAt),
    side: 'sender',
    record: consentIn(folders),
    hold: false,
  };
}

function consentIn({ consents: folder }: ExampleFolders): ConsentRecord {
  const record = parsed(folder, CONSENT);
  assertConsentRecord(record);
  return record;
}

const UPDATE: Facts = { kind: 'update', problems: [], precisePlace: false };
/** How a case begins until it is in progress; from there on both sides write updates by turns. */
const OPENING: readonly (readonly [Side, Facts])[] = [
  [
    'sender',
    {
      kind: 'referral',
      purpose: 'PROTECT',
      priority: 'normal',
      child: false,
      identityMode: 'identified',
      consent: { status: 'given', scopes: [] },
      precisePlace: false,
    },
  ],
  ['recipient', { kind: 'ack', dueDate: '2026-12-01' }],
  ['recipient', { kind: 'accept', inPart: false }],
  ['recipient', { ...UPDATE, status: 'in_progress' }],
];

/** The steps of a case of `count` messages, at least four, in which each author has seen all that went before. */
export function stepsOfCase(count: number): Step[] {
  const written = { sender: 0, recipient: 0 };
  return Array.from({ length: count }, (_, index) => {
    const [by, facts] = OPENING[index] ?? [index % 2 === 0 ? 'recipient' : 'sender', UPDATE];
    written[by] += 1;
    return {
      id: `${by}-${written[by]}`,
      type: facts.kind,
      by,
      seq: written[by],
      seen: written[by === 'sender' ? 'recipient' : 'sender'],
      digest: `digest-${index}`,
      at: '2026-11-21T00:00:00Z',
      authorRole: 'caseworker',
      facts,
    };
  });
}

/** Invented, like everybody and every number in it. */
const STORY = `Chị kể rằng tháng 8 năm 2025 một người quen trên mạng tự xưng là Trần Văn Mẫu hứa giúp sang Anh làm ở tiệm nail, \
lương cao, có giấy tờ hợp pháp. Gia đình vay khoảng 600 triệu đồng, thế chấp ngôi nhà ở Nghệ An. Đến nơi, hộ chiếu bị thu ngay \
và chị phải làm bảy ngày một tuần, ngủ trên gác cùng bốn người khác; tiền công bị giữ lại để trừ nợ. Người quản lý bắt gọi về \
số +84 24 0000 0101 mỗi khi gia đình chậm trả và dọa sẽ tìm đến em gái. Chị không dám nhờ khách giúp vì nghĩ rằng mình sẽ bị \
phạt. Lần cuối chị gọi cho mẹ bằng máy của một bạn cùng phòng, số 07700 900123, và nói nhỏ rằng chị không thể tự rời đi. `;

/** A narrative in Vietnamese with names and numbers in it. @param characters in UTF-16 code units */
export const narrativeOf = (characters: number) =>
  STORY.repeat(Math.ceil(characters / STORY.length)).slice(0, characters);

/** A name that the case knows and the narrative does not tell. */
export const NAMES: readonly string[] = ['Nguyễn Thị Ví Dụ'];
