/** An example as it stands in the schemas folder. */
export interface Example {
  readonly header: {
    readonly createdAt: string;
    readonly messageId: string;
    readonly referralId: string;
    readonly inReplyTo?: string;
  };
}

/** What of the examples already exists in the running demonstration: ids and digests of examples, with those of the live messages. */
export type Counterparts = ReadonlyMap<string, string>;

/** Members of a header that the node assigns. */
const ASSIGNED = ['messageId', 'createdAt', 'seq', 'seen', 'prevDigest', 'senderUnit'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/;
const DAY_MS = 86_400_000;

/**
 * An example as it would be written now: every date and time moved by as much as the example is old, ids and digests of
 * other examples replaced by those of the messages that were sent for them.
 */
export function liveDocument(example: Example, counterparts: Counterparts, now: Date): Record<string, unknown> {
  const { header, ...content } = example as Example & Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(header).filter(([name]) => !ASSIGNED.includes(name)));
  const ageMs = now.getTime() - Date.parse(header.createdAt);
  const opens = !counterparts.has(header.referralId);
  const { referralId: _old, ...opening } = kept;
  return moved({ header: opens ? opening : kept, ...content }, ageMs, counterparts) as Record<string, unknown>;
}

/** A consent record or decision that goes with an example, moved by as much. */
export function liveRecord(record: unknown, example: Example, now: Date): unknown {
  return moved(record, now.getTime() - Date.parse(example.header.createdAt), new Map());
}

function moved(value: unknown, ageMs: number, counterparts: Counterparts): unknown {
  if (typeof value === 'string') return counterparts.get(value) ?? movedText(value, ageMs);
  if (Array.isArray(value)) return value.map((item) => moved(item, ageMs, counterparts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, moved(member, ageMs, counterparts)]));
}

function movedText(text: string, ageMs: number): string {
  if (INSTANT.test(text)) return new Date(Date.parse(text) + ageMs).toISOString();
  if (!DATE.test(text)) return text;
  return new Date(Date.parse(text) + Math.floor(ageMs / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
}
