import type { MessageType, Role } from '../schema';
import type { CaseState } from './case-state';
import { HANDOVER_TRANSITIONS } from './handover';
import { REFERRAL_TRANSITIONS } from './referral';
import type { Side } from './step';
import { LOCAL_EVENTS, type Transition } from './transition';

/** A message that a side may write now, as far as the state alone says, and the roles that write it. */
export interface PossibleMessage {
  readonly type: MessageType;
  readonly roles: readonly Role[];
}

/**
 * What a side may write in a case now, in the order of the machines. What a message says may still forbid it: `assertAllowed` decides
 * when it is written; this is for showing people what they can do.
 */
export function possibleMessages({ referral, handover }: CaseState, side: Side): PossibleMessage[] {
  const rows = [
    ...rowsOf(REFERRAL_TRANSITIONS, referral, side),
    ...(referral === 'handover' ? rowsOf(HANDOVER_TRANSITIONS, handover.state, side) : []),
  ];
  const found = new Map<MessageType, Set<Role>>();
  for (const { on, actors } of rows) {
    const type = on as MessageType;
    const roles = found.get(type) ?? new Set<Role>();
    for (const role of actors) roles.add(role);
    found.set(type, roles);
  }
  return [...found].map(([type, roles]) => ({ type, roles: [...roles] }));
}

function rowsOf<S extends string>(table: readonly Transition<S>[], here: S, side: Side): Transition<S>[] {
  const local: readonly string[] = LOCAL_EVENTS;
  return table.filter(
    ({ from, on, by }) => from.includes(here) && !local.includes(on) && (by === 'either' || by === side),
  );
}
