import type { ListedNow } from '../../../../libs/caseload';
import type { Language, Translate } from '../../../../libs/pages';
import { labelOf } from '../../../../libs/schema';
import { dueText, formatInstant, initialsOf } from '../../../../libs/text';
import { unitName } from '../shell/shell';

/** How a list names the person: whoever looks over a shoulder need not learn a name. */
export type PersonLabel = 'initials' | 'name';

export interface LineSettings {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly personLabel: PersonLabel;
  readonly now: Date;
}

/** Colours of the two status tags; a colour never says anything alone. */
const CASE_COLOURS: Readonly<Record<string, string>> = {
  acknowledged: 'blue',
  info_requested: 'yellow',
  accepted: 'green',
  accepted_in_part: 'green',
  in_progress: 'light-blue',
  handover: 'purple',
  outcome_reported: 'turquoise',
  declined: 'grey',
  closed: 'grey',
  suspended_consent: 'red',
  entered_in_error: 'red',
  unreadable: 'red',
};
const DELIVERY_COLOURS: Readonly<Record<string, string>> = {
  delivered: 'green',
  opened: 'green',
  refused: 'red',
  expired: 'red',
  undeliverable: 'red',
};

export interface Tag {
  readonly text: string;
  readonly classes: string;
}

export const caseTag = (state: string, t: Translate): Tag =>
  tag(t(`office:state.${state}`), CASE_COLOURS[state] ?? 'blue');

export const deliveryTag = (state: string, t: Translate): Tag =>
  tag(t(`office:delivery.${state}`), DELIVERY_COLOURS[state] ?? 'yellow');

const tag = (text: string, colour: string): Tag => ({ text, classes: `govuk-tag--${colour}` });

/** A case as a row of a list. */
export function caseLine(listed: ListedNow, settings: LineSettings) {
  const { t, language, timeZone, now } = settings;
  const { referralId, reference, partnerUnit, purpose, priority, child, last } = listed;
  const { state, delivery, due } = listed.now;
  return {
    href: `/cases/${referralId}`,
    reference,
    person: personOf(listed, settings),
    child,
    urgent: priority === 'emergency' || priority === 'urgent' ? t(`office:priority.${priority}`) : undefined,
    partner: partnerUnit && unitName(partnerUnit, language),
    purpose: purpose && labelOf('purpose', purpose, language),
    direction: listed.side && t(`office:direction.${listed.side}`),
    state: caseTag(state, t),
    // What came from the partner has arrived: only what we sent has a delivery to follow.
    delivery: delivery && deliveryTag(delivery, t),
    last: last && {
      text: labelOf('messageType', last.type, language) ?? last.type,
      at: formatInstant(new Date(last.at), timeZone, language),
    },
    due: due && { ...dueText(due.due, now, timeZone, language), what: t(`office:duty.${due.id}`) },
  };
}

function personOf({ name, kind }: ListedNow, { t, personLabel }: LineSettings): string {
  if (kind !== 'open') return t('office:person.none');
  if (name === undefined) return t('office:person.unnamed');
  return personLabel === 'name' ? name : initialsOf(name);
}
