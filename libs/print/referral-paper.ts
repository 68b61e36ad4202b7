import { clockParts, twoClocks } from '../text';
import type { Block, Cell, Frame, Paper, StyleName, Text, TextPair } from './paper';
import { WORDS } from './words';

/** A value of the case: words as the officer wrote them, or the words of a code in one language. */
export interface PrintedValue {
  readonly text: string;
  /** BCP 47, where it is known. */
  readonly lang?: string | undefined;
}

/** An answer: what was asked, and paragraphs. */
export interface PrintedRow {
  readonly label: TextPair;
  /** What it is part of: "Decision 1". */
  readonly within?: TextPair | undefined;
  readonly values: readonly PrintedValue[];
}

export interface PrintedSection {
  readonly heading: TextPair;
  readonly rows: readonly PrintedRow[];
}

/** A message of the case, in the order that both sides agree on. */
export interface PrintedMessage {
  readonly at: Date;
  readonly name: TextPair;
  /** The unit that wrote it. */
  readonly from: TextPair;
  /** SHA-256 of the signed message, base64url. */
  readonly digest: string;
}

/** Who prints, when, and whose clocks count. */
export interface Printing {
  readonly by: string;
  readonly at: Date;
  readonly ownZone: string;
  readonly partnerZone: string;
}

/** What a printed referral shows. All of it is printed: who may see what is decided before. */
export interface ReferralPrint {
  readonly title: TextPair;
  readonly reference: string;
  /** The handling code and each caveat, in words. */
  readonly handling: readonly TextPair[];
  readonly sections: readonly PrintedSection[];
  readonly messages: readonly PrintedMessage[];
  /** SHA-256 of the signed referral, base64url: what both sides have of it. */
  readonly digest: string;
  /** How a reader can compare the digest. */
  readonly verification: TextPair;
  readonly printed: Printing;
}

/** What the QR code of a printed referral holds: nothing of the person, and nothing that a telephone would open. */
export const verificationCode = (digest: string): string => `trao:verify:${digest}`;

/** A digest in groups of four, to read aloud and to compare by eye. */
export const inGroups = (digest: string): string => digest.match(/.{1,4}/gu)?.join(' ') ?? '';

/** @throws RangeError for a time zone that is not known */
export function referralPaper(print: ReferralPrint): Paper {
  const { printed, title, reference, sections, messages } = print;
  return {
    title: `${WORDS.documentTitle.vi} / ${WORDS.documentTitle.en}`,
    lang: 'vi',
    madeAt: printed.at,
    frame: frameOf(print),
    blocks: [
      {
        kind: 'title',
        cell: [...pair(title, 'title', 'subtitle'), { text: reference, style: 'strong' }],
      },
      ...sections.map(sectionTable),
      ...(messages.length > 0 ? [messageTable(print)] : []),
      ...verification(print),
    ],
  };
}

/** The two languages below each other, Vietnamese first. */
function pair({ vi, en }: TextPair, style: StyleName, second: StyleName = style): Text[] {
  return [
    { text: vi, style, lang: 'vi' },
    { text: en, style: second, lang: 'en' },
  ];
}

function frameOf({ handling, reference, printed }: ReferralPrint): Frame {
  const { by, at, ownZone, partnerZone } = printed;
  const line = (language: 'vi' | 'en'): Text => ({
    text: handling.map((words) => words[language]).join(' · '),
    style: 'strong',
    lang: language,
  });
  const printedBy = (language: 'vi' | 'en'): Text => ({
    text: `${WORDS.printedBy[language]} ${by} · ${twoClocks(at, ownZone, partnerZone, language)}`,
    style: 'small',
    lang: language,
  });
  const { date, time, place } = clockParts(at, ownZone, 'vi');
  return {
    handling: [line('vi'), line('en')],
    foot: [{ text: reference, style: 'small' }, printedBy('vi'), printedBy('en')],
    pages: pageNumber,
    watermark: `${by} · ${time} ${date} (${place})`,
  };
}

/** "Trang 2/3", "Page 2 of 3". */
export const pageNumber = (page: number, of: number): Cell => [
  { text: `${WORDS.page.vi} ${page}/${of}`, style: 'small', lang: 'vi' },
  { text: `${WORDS.page.en} ${page} of ${of}`, style: 'small', lang: 'en' },
];

function sectionTable({ heading, rows }: PrintedSection): Block {
  return {
    kind: 'table',
    columns: [0.22, 0.22, 0.56],
    labels: 2,
    heading: [oneLine(heading)],
    continued: [continued(heading)],
    head: [
      [{ text: WORDS.field.vi, style: 'column', lang: 'vi' }],
      [{ text: WORDS.field.en, style: 'column', lang: 'en' }],
      [{ text: `${WORDS.answer.vi} · ${WORDS.answer.en}`, style: 'column' }],
    ],
    rows: rows.map(({ label, within, values }) => [
      labelCell(label, within, 'vi'),
      labelCell(label, within, 'en'),
      values.map(({ text, lang }) => ({ text: text === '' ? WORDS.nothing : text, style: 'value', lang })),
    ]),
  };
}

function labelCell(label: TextPair, within: TextPair | undefined, lang: 'vi' | 'en'): Cell {
  const whole: Text[] = within ? [{ text: within[lang], style: 'column', lang }] : [];
  return [...whole, { text: label[lang], style: 'label', lang }];
}

function messageTable({ messages, printed: { ownZone, partnerZone } }: ReferralPrint): Block {
  const column = (words: TextPair): Cell => pair(words, 'column');
  return {
    kind: 'table',
    columns: [0.26, 0.24, 0.22, 0.28],
    labels: 1,
    heading: [oneLine(WORDS.messages)],
    continued: [continued(WORDS.messages)],
    head: [column(WORDS.when), column(WORDS.message), column(WORDS.from), column(WORDS.digest)],
    rows: messages.map(({ at, name, from, digest }) => [
      [
        { text: twoClocks(at, ownZone, partnerZone, 'vi'), style: 'small', lang: 'vi' },
        { text: twoClocks(at, ownZone, partnerZone, 'en'), style: 'small', lang: 'en' },
      ],
      pair(name, 'label', 'small'),
      pair(from, 'small'),
      [{ text: inGroups(digest), style: 'smallCode' }],
    ]),
  };
}

function verification({ digest, verification: words }: ReferralPrint): Block[] {
  const alt = `${WORDS.qr.vi} / ${WORDS.qr.en}`;
  const beside: Cell = [{ text: inGroups(digest), style: 'code' }, ...pair(words, 'small')];
  return [
    { kind: 'heading', cell: [oneLine(WORDS.digest)] },
    { kind: 'qr', holds: verificationCode(digest), alt, beside },
    { kind: 'paragraph', cell: pair(WORDS.numbered, 'small') },
  ];
}

const oneLine = ({ vi, en }: TextPair): Text => ({ text: `${vi} · ${en}`, style: 'heading', lang: 'vi' });

const continued = ({ vi, en }: TextPair): Text =>
  oneLine({ vi: `${vi} (${WORDS.continued.vi})`, en: `${en} (${WORDS.continued.en})` });
