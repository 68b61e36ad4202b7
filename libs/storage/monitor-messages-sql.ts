import type { MessageFilter, MessageMark } from '../monitoring';

/** A statement with its values, made of the filters that are set. */
export interface ListSql {
  readonly sql: string;
  readonly values: readonly unknown[];
}

type Bind = (value: unknown) => string;
type StateOf<Side extends 'sent' | 'received'> = NonNullable<MessageFilter['states']>[Side][number];

/** States that the index of unsettled messages holds, each in the order of the list. */
const UNSETTLED = ['queued', 'sending', 'received', 'refused', 'expired', 'undeliverable'] as const;
const SETTLED = ['delivered', 'opened'] as const;
/** A message that arrived carries no code: looking for one there would read the whole index for nothing. */
const WITH_CODE: readonly StateOf<'sent'>[] = ['queued', 'sending', 'refused', 'expired', 'undeliverable'];

const literals = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');

/**
 * The newest messages of both directions that pass a filter: their places in the list, at most `limit` of them. Every part reads one
 * index in the order of the list and stops when it has enough; rows of messages are not read. States and lanes are of closed lists and
 * stand in the text, as only so the partial index can be chosen.
 */
export function listSql(filter: MessageFilter, after: MessageMark | undefined, limit: number): ListSql {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const most = bind(limit);
  const parts = [...sentParts(filter, after, bind), ...receivedParts(filter, after, bind)];
  if (parts.length === 0)
    return { sql: `SELECT NULL::timestamptz AS at, NULL::uuid AS id, '' AS source WHERE ${most} < 0`, values };
  const union = parts.map((part) => `(${part} LIMIT ${most})`).join('\n  UNION ALL ');
  return { sql: `SELECT at, id, source FROM (${union}) AS found ${LIST_ORDER} LIMIT ${most}`, values };
}

/** The order of the list. Nodes are compared as bytes, so that an order does not depend on the server. */
export const LIST_ORDER = `ORDER BY at DESC, id DESC, source COLLATE "C" DESC`;

function sentParts(filter: MessageFilter, after: MessageMark | undefined, bind: Bind): string[] {
  const { direction, states, code, partner } = filter;
  const anyState = states === undefined && code === undefined;
  const wanted = (states?.sent ?? WITH_CODE).filter((state) => code === undefined || WITH_CODE.includes(state));
  if (direction === 'received' || (!anyState && wanted.length === 0)) return [];
  const conditions = [
    ...shared(filter, 'created_at', bind),
    ...(partner === undefined ? [] : [`recipient_node = ${bind(partner)}`]),
    ...(code === undefined ? [] : [`code = ${bind(code)}`]),
    ...(after === undefined ? [] : [behind('created_at', `'sent'`, after, bind)]),
  ];
  const part = (state: string[]) =>
    `SELECT created_at AS at, id, 'sent' AS source FROM outbox${where([...state, ...conditions])} ORDER BY created_at DESC, id DESC`;
  if (anyState) return [part([])];
  const settled = SETTLED.filter((state) => wanted.includes(state));
  return [
    ...UNSETTLED.filter((state) => wanted.includes(state)).map((state) => part([`state = '${state}'`])),
    ...(settled.length > 0 ? [part([`state IN (${literals(settled)})`])] : []),
  ];
}

function receivedParts(filter: MessageFilter, after: MessageMark | undefined, bind: Bind): string[] {
  const { direction, states, code, partner } = filter;
  // Our own refusal is the code of a message that came.
  const wanted =
    code === undefined ? states?.received : (states?.received ?? ['refused']).filter((s) => s === 'refused');
  if (direction === 'sent' || wanted?.length === 0) return [];
  const conditions = [
    ...(wanted === undefined ? [] : [`state IN (${literals(wanted)})`]),
    ...shared(filter, 'received_at', bind),
    ...(partner === undefined ? [] : [`sender_node = ${bind(partner)}`]),
    ...(code === undefined ? [] : [refusedWith(bind(code))]),
    ...(after === undefined ? [] : [behind('received_at', 'sender_node', after, bind)]),
  ];
  return [
    `SELECT received_at AS at, id, sender_node AS source FROM inbox${where(conditions)}
     ORDER BY received_at DESC, id DESC, sender_node COLLATE "C" DESC`,
  ];
}

const refusedWith = (code: string) => `EXISTS (SELECT FROM receipt r WHERE r.message_id = inbox.id
  AND r.sender_node = inbox.sender_node AND r.event = 'refused' AND r.code = ${code})`;

function shared({ lane, since, until, ids }: MessageFilter, at: string, bind: Bind): string[] {
  return [
    ...(lane === undefined ? [] : [`lane = '${lane}'`]),
    ...(since === undefined ? [] : [`${at} >= ${bind(since)}`]),
    ...(until === undefined ? [] : [`${at} < ${bind(until)}`]),
    ...(ids === undefined ? [] : [`id BETWEEN ${bind(ids.from)} AND ${bind(ids.to)}`]),
  ];
}

/** What comes after a mark in the order of the list. The first half is what an index can begin at. */
function behind(at: string, source: string, mark: MessageMark, bind: Bind): string {
  const place = `(${bind(mark.at)}::timestamptz, ${bind(mark.id)}::uuid)`;
  return `(${at}, id) <= ${place} AND ((${at}, id) < ${place} OR ${source} COLLATE "C" < ${bind(mark.source)}::text)`;
}

const where = (conditions: readonly string[]) => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`);
