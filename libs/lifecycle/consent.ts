import type { ConsentView } from './case-state';
import { factsOf } from './guards';
import type { ConsentState } from './states';
import type { Step } from './step';

interface ConsentTransition {
  readonly from: readonly ConsentState[];
  readonly on: 'referral' | 'consent_withdrawal';
  /** What the message leaves: what it states itself, some scopes, or none. */
  readonly leaves: 'stated' | 'some' | 'none';
  readonly to: ConsentState | 'stated';
}

/**
 * The consent machine of domain §3.4. A referral states what was agreed to; a withdrawal, by either side, narrows it; when no
 * scope is left, or everything is withdrawn, it is withdrawn for good: a new consent is a new referral.
 */
export const CONSENT_TRANSITIONS: readonly ConsentTransition[] = [
  { from: ['not_sought'], on: 'referral', leaves: 'stated', to: 'stated' },
  { from: ['not_sought', 'given', 'narrowed', 'override'], on: 'consent_withdrawal', leaves: 'none', to: 'withdrawn' },
  { from: ['given', 'narrowed'], on: 'consent_withdrawal', leaves: 'some', to: 'narrowed' },
  { from: ['override'], on: 'consent_withdrawal', leaves: 'some', to: 'override' },
];

export const NO_CONSENT: ConsentView = { state: 'not_sought', scopes: [] };

/** The consent after a step; the same object when the step says nothing about it. */
export function nextConsent(consent: ConsentView, step: Step): ConsentView {
  const stated = factsOf('referral', step)?.consent;
  if (stated) return { state: stated.status, scopes: stated.scopes, expiresAt: stated.expiresAt };
  const withdrawn = factsOf('consent_withdrawal', step)?.scopes;
  if (withdrawn === undefined) return consent;
  const scopes = withdrawn === 'all' ? [] : consent.scopes.filter((scope) => !withdrawn.includes(scope));
  const emptied = consent.state !== 'override' && scopes.length === 0 && consent.scopes.length > 0;
  const leaves = withdrawn === 'all' || emptied ? 'none' : 'some';
  const row = CONSENT_TRANSITIONS.find(
    ({ on, from, leaves: left }) => on === step.type && left === leaves && from.includes(consent.state),
  );
  if (!row) return consent;
  const withdrawal = leaves === 'none' ? step : undefined;
  return { ...consent, state: row.to as ConsentState, scopes, withdrawal };
}
