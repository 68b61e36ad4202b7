import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths';

/** A message document as a country writes it. */
export interface Document {
  readonly header: {
    readonly messageType: string;
    readonly senderUnit: string;
    readonly recipientUnit: string;
    readonly purpose?: string;
    readonly priority: string;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

const FOLDER = path.join(ROOT, 'schemas', 'referral', 'v1', 'examples');

/** The text of an example, as bytes: invalid ones need not be UTF-8. */
export const exampleBytes = (kind: 'valid' | 'invalid', name: string) =>
  readFileSync(path.join(FOLDER, kind, `${name}.json`));

/** A valid example by its name without `.json`, as if it had been written today. */
export const example = (name: string) =>
  asOfToday(JSON.parse(exampleBytes('valid', name).toString('utf8')) as Document);

const DAY_MS = 86_400_000;
/** Dates that belong to a life and not to the message. */
const OF_A_LIFE = ['person', 'trace'];

/** A document with all its dates moved by as many days as it is old: a consent must neither have ended nor lie ahead. */
function asOfToday(document: Document): Document {
  const days = Math.floor((Date.now() - Date.parse(String(document.header['createdAt']))) / DAY_MS);
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string') return movedText(value, days);
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, OF_A_LIFE.includes(name) ? each : moved(each)]),
    );
  };
  return moved(document) as Document;
}

function movedText(text: string, days: number): string {
  const [, date, rest] = /^(\d{4}-\d\d-\d\d)(T[\d:.]+Z)?$/.exec(text) ?? [];
  if (date === undefined) return text;
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10) + (rest ?? '');
}

/** The valid examples of a message type that go from one node to another, by name. */
export function examplesBetween(
  type: string,
  from: string,
  to: string,
): { readonly name: string; readonly document: Document }[] {
  return readdirSync(path.join(FOLDER, 'valid'))
    .map((file) => file.replace(/\.json$/, ''))
    .map((name) => ({ name, document: example(name) }))
    .filter(
      ({ document: { header } }) =>
        header.messageType === type && nodeOf(header.senderUnit) === from && nodeOf(header.recipientUnit) === to,
    );
}

export const nodeOf = (unit: string) => unit.split('.')[0] ?? '';

/** A document with other header members. */
export const withHeader = (document: Document, members: Readonly<Record<string, unknown>>): Document => ({
  ...document,
  header: { ...document.header, ...members },
});

const ANSWERS = { ack: 'ack-protect-adult', accept: 'accept-protect-adult', decline: 'decline-protect-adult' } as const;

/** The answer of a referral's recipient. `messageId` is that of the referral. */
export function answerTo(referral: Document, messageId: string, type: keyof typeof ANSWERS): Document {
  const { senderUnit, recipientUnit, purpose, priority } = referral.header;
  const child = type === 'accept' && (referral['person'] as { ageStatus?: string } | undefined)?.ageStatus !== 'adult';
  return withHeader(example(ANSWERS[type]), {
    ...(child && { approverRole: 'child_protection_officer' }),
    senderUnit: recipientUnit,
    recipientUnit: senderUnit,
    purpose,
    priority,
    inReplyTo: messageId,
  });
}

/** What the node itself writes into a header, so that two forms of one document can be compared. */
const ASSIGNED = ['messageId', 'referralId', 'seq', 'seen', 'prevDigest', 'inReplyTo', 'createdAt'];

/** A document without the header members that the node assigns. */
export function asWritten({ header, ...rest }: Document): unknown {
  return {
    ...rest,
    header: Object.fromEntries(Object.entries(header).filter(([member]) => !ASSIGNED.includes(member))),
  };
}
