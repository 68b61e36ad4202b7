import { faultAt, TraoError } from '../errors';
import { assertMessage, type Message } from '../schema';
import { toNfc } from '../text';

/** What the node decides, never the author of a document. */
export interface Assigned {
  readonly messageId: string;
  readonly referralId: string;
  readonly seq: number;
  /** How many messages of the other side were filed by now; undefined in a message that opens something. */
  readonly seen: number | undefined;
  readonly prevDigest: string | undefined;
  readonly createdAt: Date;
  readonly senderUnit: string;
  readonly inReplyTo: string | undefined;
}

type Draft = Readonly<Record<string, unknown>> & { readonly header: Readonly<Record<string, unknown>> };

/**
 * A message out of a submitted document: texts are brought to Unicode normal form C, the header members that the node
 * assigns are set, and the whole is checked against its schema.
 * A document that names another sender is refused, not corrected: somebody else wrote it.
 * @throws TraoError `schema_invalid`, `schema_unsupported`, `forbidden`
 */
export function compose(document: unknown, assigned: Assigned): Message {
  const draft = toNfc(document) as Draft;
  const { header } = draft;
  assertWrittenBy(header, assigned.senderUnit);
  const { inReplyTo: _replaced, prevDigest: _computed, seen: _counted, ...rest } = header;
  const message: unknown = {
    ...draft,
    header: {
      ...rest,
      messageId: assigned.messageId,
      referralId: assigned.referralId,
      seq: assigned.seq,
      ...(assigned.seen !== undefined && { seen: assigned.seen }),
      ...(assigned.prevDigest !== undefined && { prevDigest: assigned.prevDigest }),
      ...(assigned.inReplyTo !== undefined && { inReplyTo: assigned.inReplyTo }),
      createdAt: assigned.createdAt.toISOString(),
      senderUnit: assigned.senderUnit,
    },
  };
  assertMessage(message);
  return message;
}

/** The header of a submitted document, before it is checked. @throws TraoError `schema_invalid` when there is none */
export function draftHeader(document: unknown): Readonly<Record<string, unknown>> {
  const header = typeof document === 'object' && document !== null ? (document as Partial<Draft>).header : undefined;
  if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header;
  throw new TraoError('schema_invalid', {
    faults: [faultAt('/header', 'wrong_type', { en: 'an object', vi: 'một đối tượng' })],
  });
}

function assertWrittenBy(header: Draft['header'], unit: string): void {
  const named = header['senderUnit'];
  if (named === undefined || named === unit) return;
  throw new TraoError('forbidden', {
    faults: [faultAt('/header/senderUnit', 'not_the_sender')],
  });
}
