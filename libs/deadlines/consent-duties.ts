import { factsOf, otherSide, type CaseState, type Side, type Step } from '../lifecycle';
import { dutyOf, earlier, termOf, writtenAt, type Duty, type Setting } from './duty';
import { dayOf, endOfDay } from './local-day';
import { dueAfter } from './term';

const SIDES: readonly Side[] = ['sender', 'recipient'];

/** What the person's consent asks of both sides (domain §3.4, §6). */
export function consentDuties(setting: Setting): Duty[] {
  return [...freeze(setting), ...erasure(setting), ...review(setting)];
}

/** Whoever has the withdrawal has frozen the case; of the other side we know it when it has the withdrawal too. */
function freeze(setting: Setting): Duty[] {
  const { state, context } = setting;
  if (state.referral !== 'suspended_consent') return [];
  const step = state.consent.withdrawal!;
  if (step.by !== context.side) return [];
  const by = otherSide(step.by);
  if (state.history.some(({ step: other }) => other.by === by && other.seen >= step.seq)) return [];
  const since = withdrawnAt(step, setting);
  return [
    dutyOf(
      'consent_freeze',
      by,
      step,
      since,
      dueAfter(termOf(setting, 'consent_freeze'), since, context.calendars[by]),
    ),
  ];
}

/** Both sides erase after a withdrawal of everything, and after a message about the wrong person or to the wrong unit. */
function erasure(setting: Setting): Duty[] {
  const { state, context } = setting;
  const start = erasureStart(state);
  if (!start) return [];
  const since = withdrawnAt(start, setting);
  return SIDES.filter((side) => !state.erasedBy.includes(side)).map((side) =>
    dutyOf('erasure', side, start, since, dueAfter(termOf(setting, 'erasure'), since, context.calendars[side])),
  );
}

function erasureStart({ referral, consent, history }: CaseState): Step | undefined {
  if (referral === 'suspended_consent') return consent.withdrawal;
  if (referral !== 'entered_in_error') return undefined;
  return history.findLast((happening) => happening.effect === 'moved' && happening.referral === 'entered_in_error')!
    .step;
}

/** The promise to the person runs from the day on which they withdrew, also when the message was written later. */
function withdrawnAt(step: Step, { context }: Setting): Date {
  const day = factsOf('consent_withdrawal', step)?.receivedOn;
  const written = writtenAt(step);
  return day === undefined ? written : earlier(endOfDay(dayOf(day), context.calendars[step.by].timezone), written);
}

/** The sender reviews what it shared without consent. The other side is not told whether it did. */
function review(setting: Setting): Duty[] {
  const { state, opening, context } = setting;
  const shared = state.consent.state === 'override' && !['erased', 'entered_in_error'].includes(state.referral);
  if (!shared || context.side !== 'sender') return [];
  const since = writtenAt(opening);
  const due = dueAfter(termOf(setting, 'override_review'), since, context.calendars.sender);
  return [dutyOf('override_review', 'sender', opening, since, due)];
}
