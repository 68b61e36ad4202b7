import type { Code } from '../errors';

/** The steps of a connection test, in the order in which they are made. */
export const PROBE_STEPS = ['dns', 'tcp', 'tls', 'identity', 'clock', 'directory', 'signature'] as const;
export type ProbeStepName = (typeof PROBE_STEPS)[number];

/** What one step of a connection test has found. */
export interface ProbeStep {
  readonly step: ProbeStepName;
  readonly ok: boolean;
  readonly ms: number;
  /** Why it failed. */
  readonly code?: Code | undefined;
  /** A short fact without content: addresses, versions, times, fingerprints. */
  readonly detail?: string | undefined;
}
