import { faultAt, type Fault } from '../errors';
import type { Message, StatsRow } from '../schema';

/** Counts that could point at people (domain §9): from one up to this. */
const SMALL_COUNT = 10;
const ROUNDED_TO = 5;
const MAX_DIMENSIONS = 3;

/** Faults of a report whose rows could point at people. */
export function statisticsFaults(message: Message): Fault[] {
  return 'statsReport' in message ? message.statsReport.table.flatMap(rowFaults) : [];
}

function rowFaults({ dimensions, count = 0 }: StatsRow, i: number): Fault[] {
  const at = `/statsReport/table/${i}`;
  return [
    ...(count > 0 && count <= SMALL_COUNT ? [faultAt(`${at}/count`, 'count_too_small', SMALL_COUNT)] : []),
    ...(count % ROUNDED_TO === 0 ? [] : [faultAt(`${at}/count`, 'count_not_rounded', ROUNDED_TO)]),
    ...(Object.keys(dimensions).length > MAX_DIMENSIONS
      ? [faultAt(`${at}/dimensions`, 'too_many_fields', MAX_DIMENSIONS)]
      : []),
  ];
}
