import type { MessageType, Role } from '../schema';
import type { Situation } from './case-state';
import { GUARDS, type GuardName } from './guards';
import type { Side, Step } from './step';

/** Who may cause a transition: one side, or either. */
export type Author = Side | 'either';

/** What may cause a transition without any message: an officer's own work, the receipt of the partner's node, the node's timer. */
export const LOCAL_EVENTS = ['drafted', 'approved', 'delivery_proven', 'expiry'] as const;
export type LocalEvent = (typeof LOCAL_EVENTS)[number];

/** One row of a machine. */
export interface Transition<S extends string> {
  /** Row of domain §3.2; the hand-over table of §3.3 has none, its rows count from 1. */
  readonly row: number;
  readonly from: readonly S[];
  readonly on: MessageType | LocalEvent;
  readonly by: Author;
  /** Roles that may write the message. */
  readonly actors: readonly Role[];
  /** `same`: noted, no new state; `before`: back to where the case was before the request to cancel. */
  readonly to: S | 'same' | 'before';
  readonly guard?: GuardName;
  /** Deadlines (libs/deadlines) that start when this row is taken. */
  readonly timers?: readonly string[];
}

const isBy = (author: Author, side: Side) => author === 'either' || author === side;

/** The first row that a step may take, or undefined. */
export function rowFor<S extends string>(
  table: readonly Transition<S>[],
  here: S,
  step: Step,
  state: Situation,
): Transition<S> | undefined {
  return table.find(
    ({ from, on, by, guard }) =>
      on === step.type &&
      isBy(by, step.by) &&
      from.includes(here) &&
      (guard === undefined || GUARDS[guard].holds(step, state)),
  );
}

/** What would be allowed, for the text of a refusal: `accept by the recipient (in full)`, each once. */
export function allowedIn<S extends string>(table: readonly Transition<S>[], here: S): string {
  const allowed = table
    .filter(({ from, on }) => from.includes(here) && !(LOCAL_EVENTS as readonly string[]).includes(on))
    .map(
      ({ on, by, guard }) =>
        `${on} by ${by === 'either' ? 'either side' : `the ${by}`}${guard ? ` (${GUARDS[guard].says})` : ''}`,
    );
  return [...new Set(allowed)].join(' or ') || 'nothing';
}
