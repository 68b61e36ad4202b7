import { faultAt, type Fault } from '../errors';
import type { Caveat, Handling } from '../schema';
import { barredFaults } from './handling';
import type { UnitClass } from './scopes';

/** A unit that the receiver wants to pass content on to. */
export interface ForwardTarget {
  readonly unit: string;
  readonly unitClass: UnitClass;
}

/** Classes of units that content under a caveat is never passed on to: our reading, as Europol's codes leave it open. */
const BARRED: { readonly [caveat in Caveat]?: readonly UnitClass[] } = {
  no_immigration_enforcement: ['border'],
  victim_services_only: ['police', 'border'],
  no_consular_contact: ['consular'],
};

/**
 * Whether the receiver may pass content on to another unit; empty when it may.
 * @param permitted units that the sender has permitted in an `update` and that it has not taken back
 */
export function forwardFaults(handling: Handling, target: ForwardTarget, permitted: readonly string[] = []): Fault[] {
  return [...onwardFaults(handling, target.unit, permitted), ...barredFaults(handling, target.unitClass, BARRED)];
}

function onwardFaults({ onward, onwardUnits = [] }: Handling, unit: string, permitted: readonly string[]): Fault[] {
  switch (onward) {
    case 'forbidden':
      return [faultAt('/handling/onward', 'onward_forbidden')];
    case 'with_permission':
      return permitted.includes(unit) ? [] : [faultAt('/handling/onward', 'onward_needs_permission')];
    case 'allowed_listed_units':
      return onwardUnits.includes(unit) ? [] : [faultAt('/handling/onwardUnits', 'onward_unit_not_listed')];
  }
}
