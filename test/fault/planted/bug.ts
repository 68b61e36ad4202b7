import type { Patch } from '../build/patches';

/** What must see a bug. */
export type Check =
  /** Runs of the simulator, from seed 1, until a promise is broken. */
  | { readonly by: 'simulator' }
  /** A spec of a project of jest, by the end of its path without `.spec.ts`, and one test of it where others would wait in vain. */
  | { readonly by: 'unit' | 'integration'; readonly spec: string; readonly test?: string };

/** A bug as somebody could make it, with everything that must see it. It exists in a copy of the sources only. */
export interface Bug {
  readonly name: string;
  /** What it does to a message, and to whom. */
  readonly why: string;
  /** The promise of `docs/explanation/reliability.md` that it breaks. */
  readonly breaks: `I${number}`;
  readonly patches: readonly Patch[];
  /** Each of them must see it. */
  readonly checks: readonly Check[];
}

export const nameOfCheck = (check: Check): string =>
  check.by === 'simulator' ? 'simulator' : `${check.by} ${check.spec}`;

export const SIMULATOR: Check = { by: 'simulator' };
export const unit = (spec: string): Check => ({ by: 'unit', spec });
export const integration = (spec: string, test?: string): Check => ({ by: 'integration', spec, ...(test && { test }) });
