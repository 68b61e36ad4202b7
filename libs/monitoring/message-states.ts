import { DELIVERY_STATES, type DeliveryState } from '../lifecycle';

/** How far a message has come that a partner sent: `held` waits for an earlier one of its referral. */
export const INCOMING_STATES = ['stored', 'held', 'filed', 'refused'] as const;
export type IncomingState = (typeof INCOMING_STATES)[number];

/** Which states a filter stands for, of messages sent and received. */
export interface StateChoice {
  readonly sent: readonly DeliveryState[];
  readonly received: readonly IncomingState[];
}

const of = (state: string): StateChoice => ({
  sent: DELIVERY_STATES.filter((one) => one === state),
  received: INCOMING_STATES.filter((one) => one === state),
});

/** Groups of states that people ask for, besides the states themselves. */
const GROUPS = {
  waiting: { sent: ['queued', 'sending'], received: ['stored', 'held'] },
  failed: { sent: ['refused', 'expired', 'undeliverable'], received: ['refused'] },
  arrived: { sent: ['received', 'delivered', 'opened'], received: ['filed'] },
} as const satisfies Readonly<Record<string, StateChoice>>;

/** What can be asked for, in the order of a list. */
export const STATE_CHOICES: readonly string[] = [
  ...new Set([...Object.keys(GROUPS), ...DELIVERY_STATES, ...INCOMING_STATES]),
];

/** The states that a choice stands for; undefined for a word that is none. */
export function statesOf(choice: string): StateChoice | undefined {
  if (!STATE_CHOICES.includes(choice)) return undefined;
  return Object.hasOwn(GROUPS, choice) ? GROUPS[choice as keyof typeof GROUPS] : of(choice);
}

/** Sizes as operators see them: exact ones could tell messages apart. Upper bounds in bytes. */
const BANDS = [
  ['to_4k', 4_096],
  ['to_16k', 16_384],
  ['to_64k', 65_536],
  ['to_256k', 262_144],
  ['to_1m', 1_048_576],
  ['over_1m', Infinity],
] as const;
export type SizeBand = (typeof BANDS)[number][0];
export const SIZE_BANDS: readonly SizeBand[] = BANDS.map(([band]) => band);

/** The band of a size in bytes; of 0, which stands for a size that nobody wrote down, undefined. */
export function sizeBandOf(bytes: number): SizeBand | undefined {
  return bytes > 0 ? BANDS.find(([, most]) => bytes <= most)![0] : undefined;
}
