import {
  CONSENT_STATES,
  CONSENT_TRANSITIONS,
  DELIVERY_EVENTS,
  DELIVERY_STATES,
  HANDOVER_TRANSITIONS,
  nextDelivery,
  REFERRAL_TRANSITIONS,
} from '../../../libs/lifecycle';

export const MACHINES = ['delivery', 'referral', 'hand-over', 'consent'] as const;
export type Machine = (typeof MACHINES)[number];

/** One transition that a machine allows: from one state, by one event, to one state (`same`: noted, no new state). */
export interface Transition {
  readonly machine: Machine;
  readonly from: string;
  readonly on: string;
  readonly to: string;
}

const keyOf = ({ machine, from, on, to }: Transition): string => `${machine} | ${from} | ${on} | ${to}`;

const delivery = DELIVERY_STATES.flatMap((from) =>
  DELIVERY_EVENTS.map((on): Transition => ({ machine: 'delivery', from, on, to: nextDelivery(from, on) })),
);

type Row = { readonly from: readonly string[]; readonly on: string; readonly to: string };
const rowsOf = (machine: Machine, table: readonly Row[]) =>
  table.flatMap(({ from, on, to }) => from.map((state): Transition => ({ machine, from: state, on, to })));

/** What a referral may state of consent. */
const STATED = CONSENT_STATES.filter((state) => state !== 'withdrawn');
export const withLeft = (on: string, leaves: string): string => (on === 'referral' ? on : `${on} leaves ${leaves}`);
const consent = CONSENT_TRANSITIONS.flatMap(({ from, on, leaves, to }) =>
  from.flatMap((state) =>
    (to === 'stated' ? STATED : [to]).map((end): Transition => ({
      machine: 'consent',
      from: state,
      on: withLeft(on, leaves),
      to: end,
    })),
  ),
);

/** Every transition of every machine, each once, from the tables of libs/lifecycle. */
export const TRANSITIONS: ReadonlyMap<string, Transition> = new Map(
  [
    ...delivery,
    ...rowsOf('referral', REFERRAL_TRANSITIONS),
    ...rowsOf('hand-over', HANDOVER_TRANSITIONS),
    ...consent,
  ].map((transition) => [keyOf(transition), transition]),
);

/** How often each transition was taken. */
export class Coverage {
  readonly counts = new Map<string, number>();

  /** Counts one; false when no table has it. */
  take(transition: Transition): boolean {
    const key = keyOf(transition);
    if (!TRANSITIONS.has(key)) return false;
    this.add(key, 1);
    return true;
  }

  add(key: string, count: number): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  /** Whether a table has it. */
  static has(transition: Transition): boolean {
    return TRANSITIONS.has(keyOf(transition));
  }
}
