import type { Side } from '../lifecycle';
import type { ConsentGrant, ConsentScope, Message, PrecisePlace, Purpose } from '../schema';
import { contentOf, type Content } from './content';
import { valuesAt } from './paths';

export type UnitClass = ConsentGrant['unitClass'];

/** A place in a message that needs a yes of the person. */
export interface ScopeNeed {
  readonly pointer: string;
  readonly scope: ConsentScope;
  /** Enough as well when the person agreed to it; no other ground can stand in for it here. */
  readonly or?: ConsentScope;
  /** Set where the message says that the person has agreed: no other ground can stand in. */
  readonly ownWord?: true;
}

interface Rule {
  /** Path of the field, with dots. */
  readonly field: string;
  readonly scope: ConsentScope;
  /** For these purposes the scope of the purpose itself is enough. */
  readonly orFor?: { readonly [purpose in Purpose]?: ConsentScope };
  /** Which values need it; without this, any. */
  readonly when?: (value: unknown) => boolean;
  readonly ownWord?: true;
}

const is = (code: string) => (value: unknown) => value === code;
const isNot = (code: string) => (value: unknown) => value !== code;
const basedOn = (basis: PrecisePlace['basis']) => (place: unknown) => (place as PrecisePlace).basis === basis;

/**
 * Which field of the content needs which scope (domain §5, §6). Exploitation types alone need none.
 * The exceptions by purpose are the laxest that the published examples need: who agrees to the tracing of the family agrees
 * to its being asked, and return needs the mission.
 */
const CONTENT_RULES: readonly Rule[] = [
  { field: 'person.photo', scope: 'photo' },
  { field: 'attachments.*.type', scope: 'photo', when: is('photo') },
  { field: 'health', scope: 'health' },
  { field: 'exploitation.acts', scope: 'exploitation_details' },
  { field: 'exploitation.means', scope: 'exploitation_details' },
  { field: 'exploitation.control', scope: 'exploitation_details' },
  { field: 'exploitation.sector', scope: 'exploitation_details' },
  { field: 'exploitation.recruitment', scope: 'exploitation_details' },
  { field: 'exploitation.places', scope: 'exploitation_details' },
  { field: 'exploitation.stillInSituation', scope: 'exploitation_details' },
  { field: 'exploitation.lastContact', scope: 'exploitation_details' },
  { field: 'exploitation.narrative', scope: 'narrative' },
  { field: 'location.precise', scope: 'precise_location', when: basedOn('vital_interest') },
  { field: 'location.precise', scope: 'precise_location', when: basedOn('consent'), ownWord: true },
  { field: 'trace', scope: 'family_tracing' },
  {
    field: 'trace.discloseToFamily',
    scope: 'share_with_family',
    orFor: { TRACE: 'family_tracing' },
    when: isNot('nothing'),
  },
  { field: 'familyContact', scope: 'share_with_family', orFor: { TRACE: 'family_tracing' }, when: is('allowed') },
  {
    field: 'consularContact',
    scope: 'share_with_consulate',
    orFor: { TRACE: 'family_tracing', RETURN: 'return_planning' },
    when: is('allowed'),
  },
  { field: 'return', scope: 'return_planning', orFor: { FOLLOW: 'followup' } },
  { field: 'plan', scope: 'return_planning' },
];

/** The same for the bodies of later messages. Fitness to travel is health, wherever it stands. */
const BODY_RULES: readonly Rule[] = [
  { field: 'handoverPlan', scope: 'return_planning' },
  { field: 'handoverPlan.fitToTravel', scope: 'health' },
  { field: 'followup', scope: 'followup' },
];

/** Purposes that a person agrees to by a scope of their own, whatever fields there are. */
const PURPOSE_RULES: readonly Rule[] = [
  { field: 'header.purpose', scope: 'identity_verification', when: is('VERIFY') },
  { field: 'header.purpose', scope: 'followup', when: is('FOLLOW') },
];

type ClassRule = Pick<Rule, 'scope' | 'orFor'>;
/** The scope that lets a class of units have the content at all. */
const CLASS_RULES: { readonly [unitClass in UnitClass]: ClassRule } = {
  police: { scope: 'share_with_police', orFor: { VERIFY: 'identity_verification' } },
  border: { scope: 'share_with_police', orFor: { VERIFY: 'identity_verification', RETURN: 'return_planning' } },
  consular: { scope: 'share_with_consulate' },
  social: { scope: 'share_with_services' },
  child_protection: { scope: 'share_with_services' },
  hotline: { scope: 'share_with_services' },
  competent_authority: { scope: 'share_with_services' },
};

/**
 * Everything in a message that needs a scope. The class of the recipient counts for the side that took the consent: the other
 * side only answers the unit that it has the content from.
 */
export function scopeNeeds(message: Message, side: Side, recipientClass: UnitClass): ScopeNeed[] {
  const { purpose } = message.header;
  const content = contentOf(message);
  const fields = [
    ...BODY_RULES.flatMap((rule) => needsOf(rule, message, '', purpose)),
    ...(content ? contentNeeds(content, message) : []),
  ];
  const shares = content !== undefined || fields.length > 0;
  const opens = 'handling' in message || side === 'sender';
  return shares && opens ? [...fields, needOf(CLASS_RULES[recipientClass], '/header/recipientUnit', purpose)] : fields;
}

function contentNeeds({ at, sections }: Content, message: Message): ScopeNeed[] {
  const { purpose } = message.header;
  return [
    ...PURPOSE_RULES.flatMap((rule) => needsOf(rule, message, '', purpose)),
    ...CONTENT_RULES.flatMap((rule) => needsOf(rule, sections, at, purpose)),
  ];
}

function needsOf(rule: Rule, root: unknown, at: string, purpose: Purpose | undefined): ScopeNeed[] {
  return valuesAt(root, rule.field, at)
    .filter(({ value }) => !rule.when || rule.when(value))
    .map(({ pointer }) => ({ ...needOf(rule, pointer, purpose), ...(rule.ownWord && { ownWord: rule.ownWord }) }));
}

function needOf({ scope, orFor }: ClassRule, pointer: string, purpose: Purpose | undefined): ScopeNeed {
  const or = purpose && orFor?.[purpose];
  return { pointer, scope, ...(or && { or }) };
}
