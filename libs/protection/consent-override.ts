import { faultAt, type Fault } from '../errors';
import { factsOf, type CaseState, type Side } from '../lifecycle';
import type { ConsentScope, Message, OverrideRecord } from '../schema';
import { concernsChild } from './consent-child';
import type { Disclosure } from './disclosure';
import { scopeNeeds } from './scopes';

/** Hours after which a decision to share without consent is reviewed (domain §6). */
export const OVERRIDE_REVIEW_HOURS = 72;

/** What a decision to share without consent can stand in for. Only the person can say yes to the rest. */
export const REPLACED_BY_OVERRIDE: readonly ConsentScope[] = [
  'identity_verification',
  'share_with_services',
  'share_with_police',
  'return_planning',
  'health',
  'exploitation_details',
  'precise_location',
  'followup',
];

/**
 * True when a message shares something without consent: a referral that says so, or a later message of such a case that
 * has fields which need a scope. Two officers must then agree.
 */
export function restsOnOverride(message: Message, state: CaseState | undefined, side: Side): boolean {
  if ('handling' in message) return message.consent?.status === 'override';
  // The class of the recipient changes which scope is needed, never whether one is.
  return state?.consent.state === 'override' && scopeNeeds(message, side, 'social').length > 0;
}

/** Faults of sharing without consent. `at`: where the message says so. */
export function overrideFaults(disclosure: Disclosure, at: string): Fault[] {
  const { message, override, now } = disclosure;
  if (!override || !sameBasis(message, override)) return [faultAt(at, 'override_missing')];
  return [
    ...(isPermitted(disclosure, override) ? [] : [faultAt(at, 'override_not_permitted')]),
    ...(isInForce(override, now) ? [] : [faultAt(at, 'override_expired')]),
  ];
}

/** Later messages name no legal basis. */
function sameBasis(message: Message, override: OverrideRecord): boolean {
  return !('handling' in message) || message.consent?.legalBasis === override.basis;
}

/** Only for an alert, in the best interests of a child, or against a threat to life (domain §6). */
function isPermitted(disclosure: Disclosure, { basis, reason }: OverrideRecord): boolean {
  const { message, state } = disclosure;
  const purpose = factsOf('referral', state?.opening)?.purpose ?? message.header.purpose;
  return (
    purpose === 'ALERT' ||
    reason === 'threat_to_life' ||
    (basis === 'child_best_interests' && concernsChild(message, state, disclosure.now))
  );
}

function isInForce({ decidedAt, expiresAt }: OverrideRecord, now: Date): boolean {
  return Date.parse(decidedAt) <= now.getTime() && now.getTime() < Date.parse(expiresAt);
}
