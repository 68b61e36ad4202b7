import type { Dice } from './dice';

/** The faults that a run may meet. Each is counted where it strikes. */
export const FAULTS = {
  die_before: 'process killed before a write',
  die_inside: 'process killed inside a transaction',
  die_after: 'process killed after a commit, before anybody heard of it',
  cut_before: 'database connection cut before a write',
  cut_inside: 'database connection cut inside a transaction',
  cut_after: 'database connection cut after a commit: result unknown',
  stand_still: 'process stopped while its claims ran out',
  request_lost: 'request lost',
  answer_lost: 'answer lost',
  answer_damaged: 'answer cut short or of a captive portal',
  false_problem: 'answer of a faulty front in place of the partner',
  busy: 'partner busy',
  twice: 'request delivered twice',
  late: 'request delivered again, late',
  down: 'partner down',
  flush: 'queue emptied',
  again: 'job handed out a second time',
  clock_forward: 'clock jumped forward',
  clock_back: 'clock jumped back',
  rotate: 'key retired and destroyed',
  long_wait: 'days without a connection',
  wild_clock: 'clock wrong by hours or days',
  false_receipt: 'receipt of a partner that contradicts itself',
} as const;
export type FaultName = keyof typeof FAULTS;

/** How often each fault strikes, per chance that it has. */
export type Weather = Readonly<Record<FaultName, number>>;

/** The highest rate of each fault. A run has about half of them, each at a rate of its own: rare ones are not drowned by common ones. */
const HIGHEST: Weather = {
  die_before: 0.04,
  die_inside: 0.12,
  die_after: 0.05,
  cut_before: 0.03,
  cut_inside: 0.1,
  cut_after: 0.05,
  stand_still: 0.08,
  request_lost: 0.2,
  answer_lost: 0.25,
  answer_damaged: 0.15,
  false_problem: 0.35,
  busy: 0.1,
  twice: 0.25,
  late: 0.4,
  down: 0.06,
  flush: 0.06,
  again: 0.3,
  clock_forward: 0.05,
  clock_back: 0.05,
  rotate: 0.05,
  long_wait: 0.03,
  wild_clock: 0.03,
  false_receipt: 1,
};

/** Faults that take more of a run than others: fewer runs have them. */
const SELDOM: Partial<Weather> = { long_wait: 0.12, wild_clock: 0.06, false_receipt: 0.1, false_problem: 0.4 };

export function weatherOf(dice: Dice): Weather {
  const rates = Object.entries(HIGHEST).map(([name, highest]) => {
    const present = dice.chance(SELDOM[name as FaultName] ?? 0.5);
    return [name, present ? highest * (0.2 + 0.8 * dice.next()) : 0] as const;
  });
  return Object.fromEntries(rates) as Record<FaultName, number>;
}

export const CALM = Object.fromEntries(Object.keys(FAULTS).map((name) => [name, 0])) as Weather;

/** How often each fault struck. */
export class FaultCounts {
  readonly counts = Object.fromEntries(Object.keys(FAULTS).map((name) => [name, 0])) as Record<FaultName, number>;

  add(name: FaultName): void {
    this.counts[name] += 1;
  }
}
