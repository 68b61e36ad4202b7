import { dutiesOf, dutyKey, nextMark, type Deadlines, type Duty } from '../deadlines';
import { otherSide, type CaseState, type Side, type Step } from '../lifecycle';
import { precisePlaceExpiresAt } from '../protection';
import type { OpenCase } from './case-record';
import type { Self } from './ports';

export interface DeadlinePorts {
  readonly self: Self;
  /** The deadlines that hold with a partner node: the common ones, or what was agreed with it. */
  readonly deadlinesFor: (partnerNode: string) => Deadlines;
}

/** What is due in a case, by whom and when, on the working calendar of whoever is responsible. */
export function dutiesIn(record: OpenCase, state: CaseState, { self, deadlinesFor }: DeadlinePorts): Duty[] {
  const { side, partnerUnit, local } = record.summary;
  const partners = self.partners();
  const partner = partners.nodeOf(partnerUnit) ?? self.node;
  const placeOf = (node: string) => {
    const { calendar, workingHours } = partners.node(node);
    return { calendar, timezone: workingHours.timezone };
  };
  const places = { [side]: placeOf(self.node), [otherSide(side)]: placeOf(partner) };
  const frozen = state.consent.withdrawal;
  return dutiesOf(state, {
    side,
    calendars: places as Record<Side, ReturnType<typeof placeOf>>,
    deadlines: deadlinesFor(partner),
    // The sender counts from when it wrote: it learns of the delivery by a receipt, which is no business of the case.
    deliveredAt: new Date(local.filedAt ?? state.opening!.at),
    // A node freezes by itself, in the moment it files a withdrawal.
    done: new Set([...local.done, ...(frozen ? [dutyKey('consent_freeze', frozen.id)] : [])]),
  });
}

/** When the case must be looked at next: a deadline passes, or a precise place must go. Undefined when nothing runs. */
export function nextMarkOf(record: OpenCase, state: CaseState, ports: DeadlinePorts): Date | undefined {
  const { raised } = record.summary.local;
  const duty = nextMark(dutiesIn(record, state, ports), new Set(raised));
  const places = preciseSteps(record).map(({ at }) => precisePlaceExpiresAt(at));
  const times = [...places, ...(duty ? [duty] : [])].map((at) => at.getTime());
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** Messages whose precise place was not yet erased. */
export function preciseSteps({ summary }: OpenCase): Step[] {
  const { raised } = summary.local;
  return summary.steps.filter(
    ({ facts, id }) => 'precisePlace' in facts && facts.precisePlace && !raised.includes(placeMark(id)),
  );
}

/** The mark that says that the precise place of a message was erased. */
export const placeMark = (messageId: string): string => `precise_location:${messageId}`;
