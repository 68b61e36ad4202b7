import { formOf, type Field, type Option } from '../../../../libs/forms';
import type { Language, Translate } from '../../../../libs/pages';
import { labelOf, type MessageType, type Purpose } from '../../../../libs/schema';
import { DOCUMENT } from './lens';
import type { DraftPage, DraftSection } from './plan';

/** For whom the questions of a reply are asked. */
export interface ReplyChoice {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly units: readonly Option[];
  readonly answers?: { readonly [key: string]: readonly Option[] };
  readonly purpose: Purpose | undefined;
}

/** Members that the office fills in when the draft begins, because the case knows them and nobody else does. */
const KNOWN_BY_THE_CASE: { readonly [type in MessageType]?: readonly string[] } = {
  handover_plan: ['version', 'replaces'],
  handover_accept: ['planDigest', 'version'],
  departure_notice: ['planDigest'],
  consent_withdrawal: ['receivedByUnit'],
  erasure_confirm: ['erasedAt', 'digests'],
};

/** Long messages in pages, one thing per page, by the members of their body; what stands nowhere is on the first page. */
const PAGES: { readonly [type in MessageType]?: { readonly [page: string]: readonly string[] } } = {
  handover_plan: {
    journey: ['from', 'to', 'window', 'mode', 'crossingPoint', 'flight'],
    people: ['escort', 'delegation', 'receivingUnit'],
    papers: ['documents'],
    care: ['services', 'fitToTravel', 'discreet', 'personConfirmedAt'],
  },
  departure_notice: {
    journey: ['departedAt', 'expectedArrival', 'flight', 'consentCheckedAt'],
    people: ['escort', 'problems'],
    papers: ['documentsCarried'],
  },
  reception_record: {
    meeting: ['at', 'placeCode', 'chair', 'delegation'],
    person: ['condition', 'wish', 'personToldOfRights', 'nextUnit', 'problems'],
    papers: ['documents'],
  },
  update: {
    state: ['status', 'reason', 'reviewBy', 'note'],
    travel: ['arrangement', 'travelWindow', 'problems'],
    onward: ['onwardPermission'],
  },
};

/** The pages of a message after the first one of a referral: its body, the parts of the referral that it sends later, who answers. */
export function replySections(type: MessageType, choice: ReplyChoice): DraftSection[] {
  const { t, language } = choice;
  const known = KNOWN_BY_THE_CASE[type] ?? [];
  const fields = formOf(type, { ...choice }).flatMap((field) => bodyOf(field, known));
  const disclosed = fields.filter(isDisclosed);
  const contact = fields.filter(({ path }) => path === 'contact');
  const body = fields.filter((field) => !isDisclosed(field) && field.path !== 'contact');
  const title = labelOf('messageType', type, language) ?? type;
  const sections = [
    section('answer', title, bodyPages(type, body, title, t)),
    section('disclosed', t('drafts:section.disclosed'), disclosed.flatMap(partsOf)),
    section(
      'contact',
      t('drafts:section.contact'),
      contact.length > 0 ? [page('contact', 'contact', t('drafts:section.contact'), contact)] : [],
    ),
  ];
  return sections.filter(({ pages }) => pages.length > 0);
}

const section = (id: string, title: string, pages: readonly DraftPage[]): DraftSection => ({ id, title, pages });

const page = (inSection: string, id: string, title: string, fields: readonly Field[]): DraftPage => ({
  section: inSection,
  id,
  title,
  fields: fields.map(withoutNumbers),
  lens: DOCUMENT,
  at: '',
  kind: 'questions',
});

/** The members of the body of a message, each a question of its own; the contact stays whole. */
function bodyOf(field: Field, known: readonly string[]): readonly Field[] {
  if (field.kind !== 'group' || ['contact', 'alert', 'risk'].includes(field.path)) return [field];
  return field.members.filter(({ path }) => !known.includes(lastOf(path)));
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);
const isDisclosed = ({ path }: Field) => lastOf(path) === 'disclosed';

/** Parts of the referral that are sent later: a page for each. */
function partsOf(field: Field): DraftPage[] {
  if (field.kind !== 'group') return [];
  return field.members.map((member) =>
    page(
      'disclosed',
      lastOf(member.path).replaceAll(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`),
      member.label,
      [member],
    ),
  );
}

function bodyPages(type: MessageType, fields: readonly Field[], title: string, t: Translate): DraftPage[] {
  const plan = Object.entries(PAGES[type] ?? {});
  const planned = plan.map(([id, members]) => ({
    id,
    fields: fields.filter(({ path }) => members.includes(lastOf(path))),
  }));
  const rest = fields.filter((field) => !planned.some((one) => one.fields.includes(field)));
  const pages = planned.map(({ id, fields: own }) => page('answer', id, t(`drafts:page.${id}`), own));
  return [...(rest.length > 0 ? [page('answer', 'content', title, rest)] : []), ...pages].filter(
    (one) => one.fields.length > 0,
  );
}

/** Questions are numbered by the office, so that no two have the same number. */
function withoutNumbers(field: Field): Field {
  if (field.path !== 'rfi.questions' || field.kind !== 'list' || field.item.kind !== 'group') return field;
  const members = field.item.members.filter(({ path }) => lastOf(path) !== 'id');
  return { ...field, item: { ...field.item, members } };
}

/** The document of a request for information with a number for each of its questions: q1, q2, … */
export function withNumbers<D extends Readonly<Record<string, unknown>>>(document: D): D {
  const { rfi } = document as { readonly rfi?: { readonly questions?: unknown } };
  if (!Array.isArray(rfi?.questions)) return document;
  const questions = rfi.questions.map((question: unknown, index) => ({ ...(question as object), id: `q${index + 1}` }));
  return { ...document, rfi: { ...rfi, questions } };
}
