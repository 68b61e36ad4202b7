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

/** A valid example by its name without `.json`. */
export const example = (name: string) => JSON.parse(exampleBytes('valid', name).toString('utf8')) as Document;

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
  return withHeader(example(ANSWERS[type]), {
    senderUnit: recipientUnit,
    recipientUnit: senderUnit,
    purpose,
    priority,
    inReplyTo: messageId,
  });
}

/** What the node itself writes into a header, so that two forms of one document can be compared. */
const ASSIGNED = ['messageId', 'referralId', 'seq', 'prevDigest', 'inReplyTo', 'createdAt'];

/** A document without the header members that the node assigns. */
export function asWritten({ header, ...rest }: Document): unknown {
  return {
    ...rest,
    header: Object.fromEntries(Object.entries(header).filter(([member]) => !ASSIGNED.includes(member))),
  };
}
