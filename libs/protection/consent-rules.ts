import { faultAt, type Bilingual, type Fault } from '../errors';
import type { Ground } from './consent-ground';
import { groundOfCase } from './consent-of-case';
import { groundOfReferral } from './consent-of-referral';
import { contentOf } from './content';
import type { Disclosure } from './disclosure';
import { scopeNeeds, type ScopeNeed } from './scopes';

/** Faults of a message against what the person agreed to: every field whose scope is missing, and every claim that nothing backs. */
export function consentFaults(disclosure: Disclosure): Fault[] {
  const { message, side, recipient } = disclosure;
  const needs = scopeNeeds(message, side, recipient.unitClass);
  const ground = groundOf(disclosure, needs);
  const missing = needs.filter((need) => !isMet(need, ground));
  return [...ground.faults, ...missing.map((need) => faultAt(need.pointer, 'scope_missing', named(need)))];
}

function groundOf(disclosure: Disclosure, needs: readonly ScopeNeed[]): Ground {
  const { message } = disclosure;
  if ('handling' in message) return groundOfReferral(disclosure, message);
  return groundOfCase(disclosure, contentOf(message)?.at ?? needs[0]?.pointer, needs.length > 0);
}

function isMet({ scope, or, ownWord }: ScopeNeed, { agreed, replaced }: Ground): boolean {
  if (agreed.includes(scope) || (or !== undefined && agreed.includes(or))) return true;
  return !ownWord && replaced.includes(scope);
}

function named({ scope, or }: ScopeNeed): Bilingual {
  return or === undefined ? scope : { en: `${scope} or ${or}`, vi: `${scope} hoặc ${or}` };
}
