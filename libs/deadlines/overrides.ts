import { faultAt, TraoError, type Bilingual, type Fault } from '../errors';
import { DEADLINES, type Adjustable, type ByPriority, type Deadline, type DeadlineId, type Deadlines } from './table';
import type { Term } from './term';

/** Terms agreed with partners, by node; what is not named stays as in the table. `readOverrides` makes it. */
export type Overrides = {
  readonly [partner: string]: { readonly [Id in DeadlineId]?: Partial<ByPriority<Term>> };
};

type Members = { readonly [name: string]: unknown };

/** Ids of nodes, as in the directory. */
const NODE_ID = /^[a-z]{2}(-[a-z]{2})?$/;
/** Names that may be repeated in a fault; anything else may have slipped in. */
const PLAIN_NAME = /^[A-Za-z0-9_]{1,40}$/;
const AN_OBJECT: Bilingual = { en: 'an object', vi: 'một đối tượng' };
const A_WHOLE_NUMBER: Bilingual = { en: 'a whole number', vi: 'một số nguyên' };
const BY_PRIORITY: Bilingual = { en: 'given for each priority', vi: 'được nêu riêng cho từng mức ưu tiên' };
/** How much longer than in the table a term may become. */
const AT_MOST_TIMES = 3;

/** The table as it holds with a partner node. */
export function deadlinesFor(partner: string, overrides: Overrides): Deadlines {
  const agreed = Object.hasOwn(overrides, partner) ? overrides[partner]! : {};
  const changed = Object.entries(agreed).map(([id, terms]) => {
    const row: Deadline = DEADLINES[id as DeadlineId];
    return [id, { ...row, terms: { ...(row.terms as ByPriority<Term>), ...terms } }] as const;
  });
  return { ...DEADLINES, ...(Object.fromEntries(changed) as Partial<Deadlines>) };
}

/**
 * Reads terms that were agreed with partners: `{ "gb": { "ack": { "count": 3, "unit": "workingDays" } } }`, or by priority
 * `{ "gb": { "human_ack": { "normal": { "count": 10, "unit": "days" } } } }`. A term keeps the unit that it has in the table.
 * @throws TraoError config_invalid, with every fault
 */
export function readOverrides(value: unknown): Overrides {
  const faults = [...faultsOfAll(value)];
  if (faults.length > 0) throw new TraoError('config_invalid', { faults });
  const partners = Object.entries(value as { [partner: string]: { [id: string]: Members } });
  return Object.fromEntries(partners.map(([partner, terms]) => [partner, byPriority(terms)]));
}

function byPriority(agreed: { readonly [id: string]: Members }): Overrides[string] {
  const same = (term: Members) => ({ emergency: term, urgent: term, normal: term });
  return Object.fromEntries(Object.entries(agreed).map(([id, terms]) => [id, isTerm(terms) ? same(terms) : terms]));
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTerm = (value: Members) => Object.hasOwn(value, 'count') || Object.hasOwn(value, 'unit');

function unknownField(at: string, name: string): Fault {
  return PLAIN_NAME.test(name) ? faultAt(`${at}/${name}`, 'unknown_field') : faultAt(at, 'has_unknown_field');
}

function* faultsOfAll(value: unknown): Generator<Fault> {
  if (!isObject(value)) return yield faultAt('', 'wrong_type', AN_OBJECT);
  for (const [partner, terms] of Object.entries(value)) {
    if (NODE_ID.test(partner)) yield* faultsOfPartner(terms, `/${partner}`);
    else yield unknownField('', partner);
  }
}

function* faultsOfPartner(value: unknown, at: string): Generator<Fault> {
  if (!isObject(value)) return yield faultAt(at, 'wrong_type', AN_OBJECT);
  for (const [id, terms] of Object.entries(value)) {
    if (Object.hasOwn(DEADLINES, id)) yield* faultsOfTerms(DEADLINES[id as DeadlineId], terms, `${at}/${id}`);
    else yield unknownField(at, id);
  }
}

function* faultsOfTerms({ terms, adjustable }: Deadline, value: unknown, at: string): Generator<Fault> {
  if (terms === 'stated' || adjustable === 'fixed') return yield faultAt(at, 'not_allowed');
  if (!isObject(value)) return yield faultAt(at, 'wrong_type', AN_OBJECT);
  if (isTerm(value)) return yield* faultsOfTerm(value, Object.values(terms), adjustable, at);
  if (Object.keys(value).length === 0) yield faultAt(at, 'too_few_fields', 1);
  for (const [priority, term] of Object.entries(value)) {
    const known = Object.hasOwn(terms, priority);
    if (known) yield* faultsOfTerm(term, [terms[priority as keyof typeof terms]], adjustable, `${at}/${priority}`);
    else yield unknownField(at, priority);
  }
}

/** Faults of a term that is to replace all of `table`. */
function* faultsOfTerm(value: unknown, table: readonly Term[], adjustable: Adjustable, at: string): Generator<Fault> {
  if (!isObject(value)) return yield faultAt(at, 'wrong_type', AN_OBJECT);
  const [{ unit }] = table as [Term];
  if (table.some((term) => term.unit !== unit)) return yield faultAt(at, 'wrong_type', BY_PRIORITY);
  for (const name of Object.keys(value)) if (name !== 'count' && name !== 'unit') yield unknownField(at, name);
  if (!Object.hasOwn(value, 'unit')) yield faultAt(`${at}/unit`, 'required');
  else if (value['unit'] !== unit) yield faultAt(`${at}/unit`, 'wrong_type', unit);
  if (!Object.hasOwn(value, 'count')) yield faultAt(`${at}/count`, 'required');
  else
    yield* faultsOfCount(
      value['count'],
      table.map(({ count }) => count),
      adjustable,
      `${at}/count`,
    );
}

function* faultsOfCount(
  value: unknown,
  table: readonly number[],
  adjustable: Adjustable,
  at: string,
): Generator<Fault> {
  const least = adjustable === 'longer' ? Math.max(...table) : 1;
  const most = Math.min(...table) * (adjustable === 'shorter' ? 1 : AT_MOST_TIMES);
  if (!Number.isSafeInteger(value)) yield faultAt(at, 'wrong_type', A_WHOLE_NUMBER);
  else if ((value as number) < least) yield faultAt(at, 'too_small', least);
  else if ((value as number) > most) yield faultAt(at, 'too_big', most);
}
