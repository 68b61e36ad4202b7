import { faultAt, type Fault } from '../errors';
import type { Message, StatsRow } from '../schema';

/** Counts below 11 could point at people (domain §9). 11 and 12 round to 10, so a rounded count below this is one of those. */
const LEAST_COUNT = 10;
const ROUNDED_TO = 5;
const MAX_DIMENSIONS = 3;

/** Faults of a report whose rows could point at people. */
export function statisticsFaults(message: Message): Fault[] {
  return 'statsReport' in message ? message.statsReport.table.flatMap(rowFaults) : [];
}

function rowFaults({ dimensions, count = 0 }: StatsRow, i: number): Fault[] {
  const at = `/statsReport/table/${i}`;
  return [
    ...(count > 0 && count < LEAST_COUNT ? [faultAt(`${at}/count`, 'count_too_small', LEAST_COUNT)] : []),
    ...(count % ROUNDED_TO === 0 ? [] : [faultAt(`${at}/count`, 'count_not_rounded', ROUNDED_TO)]),
    ...(Object.keys(dimensions).length > MAX_DIMENSIONS
      ? [faultAt(`${at}/dimensions`, 'too_many_fields', MAX_DIMENSIONS)]
      : []),
  ];
}
