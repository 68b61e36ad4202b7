import { faultAt, type Fault } from '../errors';
import type { Caveat, Handling } from '../schema';
import type { Disclosure } from './disclosure';
import type { UnitClass } from './scopes';

type Barred = { readonly [caveat in Caveat]?: readonly UnitClass[] };

/** Classes of units that content under a caveat is never sent to in the first place. */
const NOT_SENT_TO: Barred = {
  victim_services_only: ['police', 'border'],
  no_consular_contact: ['consular'],
};
/** Answers that a caveat leaves open no more. */
const FORBIDS = { no_family_contact: 'familyContact', no_consular_contact: 'consularContact' } as const;

/** Faults of a referral whose handling contradicts itself or its recipient. */
export function handlingFaults({ message, recipient }: Disclosure): Fault[] {
  if (!('handling' in message)) return [];
  const contradicted = Object.entries(FORBIDS)
    .filter(([caveat]) => message.handling.caveats.includes(caveat as Caveat))
    .filter(([, field]) => message[field] !== undefined && message[field] !== 'forbidden')
    .map(([caveat, field]) => faultAt(`/${field}`, 'caveat_contradicted', caveat));
  return [...barredFaults(message.handling, recipient.unitClass, NOT_SENT_TO), ...contradicted];
}

/** A fault for every caveat that keeps a class of units out. */
export function barredFaults({ caveats }: Handling, unitClass: UnitClass, barred: Barred): Fault[] {
  return caveats.flatMap((caveat, i) =>
    barred[caveat]?.includes(unitClass) ? [faultAt(`/handling/caveats/${i}`, 'caveat_bars_unit', unitClass)] : [],
  );
}
