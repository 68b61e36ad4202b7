import type { CaseState, Side, Step } from '../lifecycle';
import type { DeadlineId, Deadlines } from './table';
import type { Place, Priority, Term } from './term';
import type { Due } from './working-days';

/** A moment at which somebody is reminded. */
export interface Mark {
  readonly kind: 'due' | 'escalation';
  /** Days after delivery, of an escalation. */
  readonly day?: 3 | 9 | 14;
  readonly at: Date;
}

/** Something that one side still has to do. */
export interface Duty {
  readonly id: DeadlineId;
  readonly by: Side;
  /** The message that started it. */
  readonly stepId: string;
  readonly since: Date;
  readonly due: Date;
  /** True when holidays are not known for the whole time. */
  readonly beyondData: boolean;
  readonly marks: readonly Mark[];
}

export interface DutyContext {
  /** Our side: what only the other side can know of itself is not shown. */
  readonly side: Side;
  /** Where each side counts its days. */
  readonly calendars: Readonly<Record<Side, Place>>;
  /** The table as it holds with the partner. */
  readonly deadlines: Deadlines;
  /** When the referral was filed in the recipient's unit: there the time of filing, here the time of the receipt. */
  readonly deliveredAt?: Date | undefined;
  /**
   * Duties that were done without a message, as `dutyKey` names them: `human_ack` when the referral was opened,
   * `consent_freeze` when the withdrawal was delivered, `override_review` when the decision was reviewed.
   */
  readonly done?: ReadonlySet<string> | undefined;
}

/** A case that has an opening message, and where its days are counted. */
export interface Setting {
  readonly state: CaseState;
  readonly opening: Step;
  readonly priority: Priority;
  readonly context: DutyContext;
}

/** The name of a duty in `DutyContext.done`. */
export const dutyKey = (id: DeadlineId, stepId: string): string => `${id}:${stepId}`;

/** A duty of `by` that `step` started. */
export function dutyOf(id: DeadlineId, by: Side, step: Step, since: Date, due: Due, more: readonly Mark[] = []): Duty {
  const marks = [{ kind: 'due', at: due.at } as const, ...more];
  return { id, by, stepId: step.id, since, due: due.at, beyondData: due.beyondData, marks };
}

/** The term of a row at the priority of the case, unless another is given. */
export function termOf<Id extends Exclude<DeadlineId, 'decision'>>(
  { context, priority }: Setting,
  id: Id,
  at: Priority = priority,
): Term {
  return (context.deadlines[id].terms as Readonly<Record<Priority, Term>>)[at];
}

export const writtenAt = (step: Step): Date => new Date(step.at);
export const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
/** A due time that no calendar moves. */
export const dueAt = (at: Date): Due => ({ at, beyondData: false });
