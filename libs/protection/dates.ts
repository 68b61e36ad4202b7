import { faultAt, type Fault } from '../errors';
import type { Message } from '../schema';
import { hoursBetween, isFutureDay } from './calendar';
import { contentOf } from './content';
import type { Disclosure } from './disclosure';
import { valuesAt, type Found } from './paths';
import { PRECISE_PLACE_DAYS, precisePlaceExpiresAt } from './precise-place';

/** How long before departure a flight may be named, and how old the last yes may be (domain §5, §8). */
const LAST_HOURS = 72;

/** Two points in time that come in this order. */
const IN_ORDER: readonly (readonly [string, string])[] = [
  ['consent.takenAt', 'consent.expiresAt'],
  ['alert.window.from', 'alert.window.to'],
  ['plan.departureWindow.from', 'plan.departureWindow.to'],
  ['update.travelWindow.earliest', 'update.travelWindow.latest'],
  ['riskAssessment.assessedOn', 'riskAssessment.validUntil'],
  ['handoverPlan.window.earliest', 'handoverPlan.window.latest'],
  ['departureNotice.consentCheckedAt', 'departureNotice.departedAt'],
  ['departureNotice.expectedArrival.earliest', 'departureNotice.expectedArrival.latest'],
  ['statsReport.period.from', 'statsReport.period.to'],
];
/** Days on which something happened; those of the person's content also where it is sent later. */
const HAPPENED = ['riskAssessment.assessedOn', 'handoverPlan.personConfirmedAt', 'handoverAccept.personReconfirmedAt'];
const HAPPENED_IN_CONTENT = ['return.voluntaryConfirmedAt', 'bestInterests.date', 'identification.*.date'];

/** Faults of dates that cannot be right, or that come too early or too late for the person's safety. */
export function dateFaults({ message, now }: Disclosure): Fault[] {
  return [
    ...IN_ORDER.flatMap(([first, second]) => orderFaults(message, first, second)),
    ...happenedIn(message)
      .filter(({ value }) => isFutureDay(value as string, now))
      .map(({ pointer }) => faultAt(pointer, 'in_future')),
    ...precisePlaceFaults(message),
    ...('handoverPlan' in message ? flightFaults(message.handoverPlan, now) : []),
    ...('departureNotice' in message ? checkFaults(message.departureNotice) : []),
  ];
}

function orderFaults(message: Message, first: string, second: string): Fault[] {
  const [start] = valuesAt(message, first);
  const [end] = valuesAt(message, second);
  if (!start || !end || Date.parse(start.value as string) <= Date.parse(end.value as string)) return [];
  return [faultAt(end.pointer, 'before_start', first.split('.').at(-1)!)];
}

function happenedIn(message: Message): Found[] {
  const content = contentOf(message);
  return [
    ...HAPPENED.flatMap((path) => valuesAt(message, path)),
    ...HAPPENED_IN_CONTENT.flatMap((path) => valuesAt(content?.sections ?? {}, path, content?.at)),
  ];
}

function precisePlaceFaults(message: Message): Fault[] {
  const content = contentOf(message);
  const expiresAt = content?.sections.location?.precise?.expiresAt;
  if (expiresAt === undefined || new Date(expiresAt) <= precisePlaceExpiresAt(message.header.createdAt)) return [];
  return [faultAt(`${content!.at}/location/precise/expiresAt`, 'precise_place_too_long', PRECISE_PLACE_DAYS)];
}

interface Journey {
  readonly flight?: string;
  readonly window: { readonly earliest: string };
}

function flightFaults({ flight, window }: Journey, now: Date): Fault[] {
  const early = hoursBetween(now.toISOString(), window.earliest) > LAST_HOURS;
  return flight !== undefined && early ? [faultAt('/handoverPlan/flight', 'flight_too_early', LAST_HOURS)] : [];
}

interface Departure {
  readonly consentCheckedAt: string;
  readonly departedAt: string;
}

function checkFaults({ consentCheckedAt, departedAt }: Departure): Fault[] {
  const old = hoursBetween(consentCheckedAt, departedAt) > LAST_HOURS;
  return old ? [faultAt('/departureNotice/consentCheckedAt', 'check_too_old', LAST_HOURS)] : [];
}
