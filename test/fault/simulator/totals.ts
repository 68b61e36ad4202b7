import type { Outcome } from './run';
import { Coverage } from './transitions';
import type { Breach } from './watch';

/** A seed that broke a promise. */
export interface Failure {
  readonly seed: number;
  readonly start: string;
  readonly breaches: readonly Breach[];
}

/** What many runs have shown, as data that processes hand to each other. */
export interface Totals {
  seeds: number;
  messages: number;
  /** Longest simulated time from the mending until everything was settled, in milliseconds. */
  longestHealMs: number;
  readonly faults: Record<string, number>;
  readonly transitions: Record<string, number>;
  readonly failures: Failure[];
}

export const noTotals = (): Totals => ({
  seeds: 0,
  messages: 0,
  longestHealMs: 0,
  faults: {},
  transitions: {},
  failures: [],
});

const add = (into: Record<string, number>, counts: Iterable<readonly [string, number]>) => {
  for (const [name, count] of counts) into[name] = (into[name] ?? 0) + count;
};

export function addOutcome(
  totals: Totals,
  { seed, start, breaches, faults, transitions, messages, healedMs }: Outcome,
): void {
  totals.seeds += 1;
  totals.messages += messages;
  totals.longestHealMs = Math.max(totals.longestHealMs, healedMs);
  add(totals.faults, Object.entries(faults));
  add(totals.transitions, transitions);
  if (breaches.length > 0) totals.failures.push({ seed, start, breaches });
}

/** A run that could not go on: something has thrown where nothing may. */
export function addCrash(totals: Totals, seed: number, error: unknown): void {
  totals.seeds += 1;
  totals.failures.push({
    seed,
    start: 'unknown',
    breaches: [{ promise: 'a run that goes to its end', what: String(error) }],
  });
}

export function addTotals(totals: Totals, more: Totals): void {
  totals.seeds += more.seeds;
  totals.messages += more.messages;
  totals.longestHealMs = Math.max(totals.longestHealMs, more.longestHealMs);
  add(totals.faults, Object.entries(more.faults));
  add(totals.transitions, Object.entries(more.transitions));
  totals.failures.push(...more.failures);
}

export function coverageOf({ transitions }: Totals): Coverage {
  const coverage = new Coverage();
  for (const [key, count] of Object.entries(transitions)) coverage.add(key, count);
  return coverage;
}
