import type { Request } from 'express';
import { referenceOf, type ListedNow } from '../../../../libs/caseload';
import { type Self } from '../../../../libs/casework';
import { possibleMessages } from '../../../../libs/lifecycle';
import { labelOf } from '../../../../libs/schema';
import { deliveriesOf, type Database } from '../../../../libs/storage';
import { clockParts, dueText, initialsOf, twoClocks } from '../../../../libs/text';
import type { Client } from '../../clients';
import { unitName, type Shell } from '../shell/shell';
import { caseTag, deliveryTag } from '../work/case-line';
import type { CaseLists } from './case-lists';
import type { Entered } from './case-room';

/** Who is meant by the id of an officer. */
export function officerName(clients: readonly Client[], id: string): string {
  const entry = clients.find((client) => client.id === id);
  return (entry && 'name' in entry ? entry.name : undefined) ?? id;
}

export interface FrameParts {
  readonly shell: Shell;
  readonly lists: CaseLists;
  readonly database: Database;
  readonly self: Self;
  readonly clients: readonly Client[];
}

const TABS = ['summary', 'timeline', 'messages', 'files', 'plans', 'access'] as const;
export type CaseTab = (typeof TABS)[number];

/** Messages that are offered first, in this order; the others follow under "more". */
const FIRST = [
  'ack',
  'accept',
  'decline',
  'rfi',
  'rfi_response',
  'redirect',
  'update',
  'handover_plan',
  'handover_accept',
  'outcome',
];

/** What stands around every page of a case: reference, the two status lines with their clocks, who works on it, what can be done. */
export async function caseFrame(
  request: Request,
  tab: CaseTab,
  { officer, shown, assigned }: Entered,
  parts: FrameParts,
) {
  const { shell, self, clients } = parts;
  const t = shell.translator(request);
  const language = shell.language(request);
  const { referralId } = shown;
  const { cases } = await parts.lists.of(officer.unit).find({ among: [referralId], offset: 0, limit: 1 });
  const listed = cases[0];
  const zones = { own: shell.timeZone, partner: zoneOf(self, shown.partnerUnit) ?? shell.timeZone };
  const now = new Date();
  return {
    id: referralId,
    reference: referenceOf(referralId),
    person: listed?.name === undefined ? t('office:person.unnamed') : initialsOf(listed.name),
    child: listed?.child === true,
    partner: unitName(shown.partnerUnit, language),
    side: shown.side,
    purpose: listed?.purpose && labelOf('purpose', listed.purpose, language),
    urgent:
      listed?.priority !== undefined && listed.priority !== 'normal'
        ? t(`office:priority.${listed.priority}`)
        : undefined,
    state: caseTag(listed?.now.state ?? shown.state, t),
    delivery: await deliveryLine(shown, zones, parts, request),
    duties: (listed?.duties ?? []).map(({ id, by, due }) => ({
      what: t(`office:duty.${id}`),
      whose: t(by === shown.side ? 'case:duty.ours' : 'case:duty.theirs'),
      at: twoClocks(due, zones.own, zones.partner, language),
      ...dueText(due, now, zones.own, language),
    })),
    assigned: assigned === undefined ? undefined : officerName(clients, assigned),
    mine: assigned === officer.id,
    held: 'hold' in shown && shown.hold !== undefined,
    problems: 'problems' in shown ? shown.problems.map((code) => labelOf('problemCode', code, language) ?? code) : [],
    unknownFields: 'unknownFields' in shown && shown.unknownFields.length > 0,
    tabs: TABS.map((one) => ({ text: t(`case:tab.${one}`), href: hrefOf(referralId, one), current: one === tab })),
    actions: actionsOf(listed, officer.roles, referralId, t),
    tab,
  };
}

export const hrefOf = (referralId: string, tab: CaseTab) => `/cases/${referralId}${tab === 'summary' ? '' : `/${tab}`}`;

/** The zone in which a unit of a partner reads its clocks. */
export function zoneOf(self: Self, unit: string): string | undefined {
  const partners = self.partners();
  const node = partners.nodeOf(unit);
  return node === undefined ? undefined : partners.node(node).workingHours.timezone;
}

/** How our newest message has come along, in words and on both clocks; for what the partner sent, that it is here. */
async function deliveryLine(
  shown: Entered['shown'],
  zones: { readonly own: string; readonly partner: string },
  { shell, database }: FrameParts,
  request: Request,
) {
  const t = shell.translator(request);
  const language = shell.language(request);
  if (!('timeline' in shown)) return undefined;
  const own = shown.timeline.filter(({ by }) => by === shown.side).map(({ messageId }) => messageId);
  const deliveries = await deliveriesOf(database, own);
  const newest = own.toReversed().find((id) => deliveries.has(id));
  const delivery = newest === undefined ? undefined : deliveries.get(newest);
  if (!delivery) return undefined;
  const last = delivery.states.at(-1);
  const type = shown.timeline.find(({ messageId }) => messageId === newest)?.type ?? '';
  return {
    ...deliveryTag(delivery.state, t),
    message: labelOf('messageType', type, language),
    at: last && twoClocks(last.at, zones.own, zones.partner, language),
    time: last && clockParts(last.at, zones.own, language).time,
  };
}

function actionsOf(
  listed: ListedNow | undefined,
  roles: readonly string[],
  referralId: string,
  t: ReturnType<Shell['translator']>,
) {
  if (!listed?.state || !listed.side) return { first: [], more: [] };
  const possible = possibleMessages(listed.state, listed.side).filter((one) =>
    one.roles.some((role) => roles.includes(role)),
  );
  const items = possible.map(({ type }) => ({
    type,
    text: t(`case:action.${type}`),
    href: `/cases/${referralId}/reply/${type}`,
  }));
  const rank = (type: string) => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length);
  const sorted = items.toSorted((a, b) => rank(a.type) - rank(b.type));
  return {
    first: sorted.filter(({ type }) => FIRST.includes(type)),
    more: [...sorted.filter(({ type }) => !FIRST.includes(type)), ...forwardLink(roles, referralId, t)],
  };
}

function forwardLink(roles: readonly string[], referralId: string, t: ReturnType<Shell['translator']>) {
  const writes = ['case_officer', 'liaison_officer', 'caseworker'].some((role) => roles.includes(role));
  return writes ? [{ type: 'forward', text: t('case:forward.link'), href: `/cases/${referralId}/forward` }] : [];
}
