import { factsOf, otherSide, type CaseState, type Step } from '../lifecycle';
import {
  dutyKey,
  dutyOf,
  dueAt,
  earlier,
  termOf,
  writtenAt,
  type Duty,
  type DutyContext,
  type Mark,
  type Setting,
} from './duty';
import { handoverDuties } from './handover-duties';
import { dayOf, endOfDay, localDay } from './local-day';
import { consentDuties } from './consent-duties';
import { dueAfter } from './term';

/** Days after delivery on which an unacknowledged referral is escalated (domain §8). It is never deleted. */
const ESCALATION_DAYS = [3, 9, 14] as const;
const DAY_MS = 86_400_000;
const FOLLOWUPS = [
  ['followup_1', 1],
  ['followup_3', 3],
  ['followup_6', 6],
  ['followup_12', 12],
] as const;
const RESULT = ['outcome_reported', 'followup'];

/**
 * What both sides still have to do in a case, by when, the most pressing first. What is done does not appear. It follows from
 * the messages alone, but for what `context` adds; nothing is ever deleted for being unanswered.
 * When a proposal of closure has been met with silence, the caller decides (`closedBySilence`).
 */
export function dutiesOf(state: CaseState, context: DutyContext): Duty[] {
  const { opening } = state;
  const referral = factsOf('referral', opening);
  if (!opening || !referral) return [];
  const setting: Setting = { state, opening, priority: referral.priority, context };
  const duties = [
    ...arrivalDuties(setting),
    ...alertDuties(setting),
    ...decisionDuties(setting),
    ...requestDuties(setting),
    ...holdDuties(setting),
    ...handoverDuties(setting),
    ...followupDuties(setting),
    ...closureDuties(setting),
    ...consentDuties(setting),
  ];
  return duties
    .filter(({ id, stepId }) => !context.done?.has(dutyKey(id, stepId)))
    .sort((a, b) => a.due.getTime() - b.due.getTime());
}

/** Somebody must look at a referral that has arrived, and acknowledge it. */
function arrivalDuties(setting: Setting): Duty[] {
  const { state, opening, context } = setting;
  const { deliveredAt, calendars } = context;
  if (!deliveredAt || !['sent', 'delivered'].includes(state.referral)) return [];
  const at = (id: 'human_ack' | 'ack') => dueAfter(termOf(setting, id), deliveredAt, calendars.recipient);
  const escalations = ESCALATION_DAYS.map((day): Mark => ({
    kind: 'escalation',
    day,
    at: new Date(deliveredAt.getTime() + day * DAY_MS),
  }));
  return [
    dutyOf('human_ack', 'recipient', opening, deliveredAt, at('human_ack')),
    dutyOf('ack', 'recipient', opening, deliveredAt, at('ack'), escalations),
  ];
}

/** An alert waits for an answer by somebody who had it; a referral for the purpose ALERT waits from its delivery. */
function alertDuties(setting: Setting): Duty[] {
  const { state, opening, context } = setting;
  if (['erased', 'entered_in_error'].includes(state.referral)) return [];
  const urgent = factsOf('referral', opening)?.purpose === 'ALERT';
  const starts = [
    ...(urgent && context.deliveredAt ? [{ step: opening, since: context.deliveredAt }] : []),
    ...state.alerts.map((step) => ({ step, since: writtenAt(step) })),
  ];
  return starts
    .filter(({ step }) => !isAnswered(step, state))
    .map(({ step, since }) => {
      const by = otherSide(step.by);
      return dutyOf('alert_ack', by, step, since, dueAfter(termOf(setting, 'alert_ack'), since, context.calendars[by]));
    });
}

/**
 * True when the other side has answered the step itself: that its node had filed it does not say that anybody has seen it. To
 * a referral, whatever comes first from the other side is the answer.
 */
function isAnswered(step: Step, { history }: CaseState): boolean {
  const answers = history.filter(({ step: other }) => other.by !== step.by);
  return answers.some(({ step: other }) => step.type === 'referral' || other.inReplyTo === step.id);
}

/** The decision, by the day that the acknowledgement names. While a question is open the clock stands, so nothing is due. */
function decisionDuties({ state, context }: Setting): Duty[] {
  if (state.referral !== 'acknowledged') return [];
  const ack = state.history.find(({ step, effect }) => step.type === 'ack' && effect === 'moved')!.step;
  const { timezone } = context.calendars.recipient;
  const stated = endOfDay(dayOf(factsOf('ack', ack)!.dueDate), timezone);
  const moved = new Date(stated.getTime() + questionTime(state));
  return [dutyOf('decision', 'recipient', ack, writtenAt(ack), dueAt(endOfDay(localDay(moved, timezone), timezone)))];
}

/** Milliseconds in which the decision waited for answers. The clocks of two sides may differ: never less than none. */
function questionTime({ history }: CaseState): number {
  let total = 0;
  let asked: number | undefined;
  for (const { step, referral } of history) {
    const at = Date.parse(step.at);
    if (referral === 'info_requested') asked ??= at;
    else if (asked !== undefined) {
      total += Math.max(0, at - asked);
      asked = undefined;
    }
  }
  return total;
}

function requestDuties(setting: Setting): Duty[] {
  return setting.state.openRequests.map((step) => {
    const term = termOf(setting, 'rfi_answer', factsOf('rfi', step)?.priority);
    const since = writtenAt(step);
    return dutyOf('rfi_answer', 'sender', step, since, dueAfter(term, since, setting.context.calendars.sender));
  });
}

/** Whoever put the case on hold looks at it again, on the day that the update names or sooner. */
function holdDuties(setting: Setting): Duty[] {
  const { state, context } = setting;
  if (state.referral !== 'on_hold') return [];
  const step = state.history.findLast(({ effect, referral }) => effect === 'moved' && referral === 'on_hold')!.step;
  const place = context.calendars[step.by];
  const since = writtenAt(step);
  const latest = dueAfter(termOf(setting, 'on_hold_review'), since, place).at;
  const named = factsOf('update', step)?.reviewBy;
  const due = named === undefined ? latest : earlier(endOfDay(dayOf(named), place.timezone), latest);
  return [dutyOf('on_hold_review', step.by, step, since, dueAt(due))];
}

/** Follow-up, while the person agrees to it; nobody is asked to follow up the dead. */
function followupDuties(setting: Setting): Duty[] {
  const { state, context } = setting;
  if (!RESULT.includes(state.referral) || !state.consent.scopes.includes('followup')) return [];
  const steps = state.history.filter(({ effect }) => effect !== 'overtaken').map(({ step }) => step);
  const outcomes = steps.filter(({ type }) => type === 'outcome');
  if (outcomes.some((step) => factsOf('outcome', step)!.code === 'deceased')) return [];
  const first = outcomes[0]!;
  const done = steps.map((step) => factsOf('followup', step)?.month);
  const since = writtenAt(first);
  return FOLLOWUPS.filter(([, month]) => !done.includes(month)).map(([id]) =>
    dutyOf(id, 'recipient', first, since, dueAfter(termOf(setting, id), since, context.calendars.recipient)),
  );
}

function closureDuties(setting: Setting): Duty[] {
  const { state, context } = setting;
  const { closing } = state;
  if (!closing || !RESULT.includes(state.referral)) return [];
  const by = otherSide(closing.by);
  const since = writtenAt(closing);
  const due = dueAfter(termOf(setting, 'closure_silence'), since, context.calendars[by]);
  return [dutyOf('closure_silence', by, closing, since, due)];
}
