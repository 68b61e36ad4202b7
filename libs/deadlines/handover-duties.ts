import { factsOf, otherSide, type HandoverState } from '../lifecycle';
import { dutyOf, dueAt, termOf, writtenAt, type Duty, type Setting } from './duty';
import { dueAfter, dueBefore } from './term';

/** Who owes what in each state; in the others nothing has a time of its own. */
const OWED: Partial<Record<HandoverState, (setting: Setting) => Duty[]>> = {
  plan_proposed: agreement,
  scheduled: departure,
  departed: arrival,
  diverted: afterArrival,
  arrived: afterArrival,
  arrived_not_received: afterArrival,
};

/**
 * What the state of a hand-over asks of each side (domain §3.3). Its machine reaches each state by one kind of message only, so
 * that message is there.
 */
export function handoverDuties(setting: Setting): Duty[] {
  const { referral, handover } = setting.state;
  return referral === 'handover' ? (OWED[handover.state]?.(setting) ?? []) : [];
}

/** A plan is agreed or countered by the side that did not write it, so long before travel. */
function agreement(setting: Setting): Duty[] {
  const plan = setting.state.handover.plan!;
  const { earliest } = factsOf('handover_plan', plan)!;
  const by = otherSide(plan.by);
  const due = dueBefore(termOf(setting, 'plan_agreed'), new Date(earliest), setting.context.calendars[by]);
  return [dutyOf('plan_agreed', by, plan, writtenAt(plan), due)];
}

/**
 * The person is asked again in the last hours before the earliest departure, and departure is reported. Messages name a window:
 * the notice is looked for once it has closed.
 */
function departure(setting: Setting): Duty[] {
  const plan = setting.state.handover.plan!;
  const { earliest: opens, latest: closes } = factsOf('handover_plan', plan)!;
  const [earliest, latest] = [new Date(opens), new Date(closes)];
  const place = setting.context.calendars.sender;
  const { at: from } = dueBefore(termOf(setting, 'consent_recheck'), earliest, place);
  const notice = dueAfter(termOf(setting, 'departure_notice'), latest, place);
  return [
    dutyOf('consent_recheck', 'sender', plan, from, dueAt(earliest)),
    dutyOf('departure_notice', 'sender', plan, latest, notice),
  ];
}

function arrival(setting: Setting): Duty[] {
  const step = setting.state.handover.departure!;
  const facts = factsOf('departure_notice', step)!;
  const term = termOf(setting, 'arrival_confirmation');
  const due = dueAfter(term, new Date(facts.arriveBy), setting.context.calendars.recipient);
  return [dutyOf('arrival_confirmation', 'recipient', step, new Date(facts.departedAt), due)];
}

/** Who arrived is received; who came out somewhere else is still looked for. */
function afterArrival(setting: Setting): Duty[] {
  const { arrival: confirmed, state } = setting.state.handover;
  const step = confirmed!;
  const id = state === 'diverted' ? 'arrival_confirmation' : 'reception_record';
  const since = new Date(factsOf('arrival_confirmation', step)!.arrivedAt);
  const due = dueAfter(termOf(setting, id), since, setting.context.calendars.recipient);
  return [dutyOf(id, 'recipient', step, since, due)];
}
