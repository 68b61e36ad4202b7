import { CATALOGUE, entryOf, type Code } from './catalogue';
import type { Fault } from './rules';

export interface ErrorDetail {
  /** All faults found, never with values: values may be case content. */
  readonly faults?: readonly Fault[];
  /** A short fact for operators: ids, names of settings; never content. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** The only error type that the core throws. `message` is the catalogue's meaning plus `detail`. */
export class TraoError extends Error {
  readonly code: Code;
  readonly faults: readonly Fault[];
  readonly detail: string | undefined;

  constructor(code: Code, more: ErrorDetail = {}) {
    const { faults = [], detail, cause } = more;
    super(detail ? `${CATALOGUE[code].meaning} ${detail}` : CATALOGUE[code].meaning, { cause });
    this.name = 'TraoError';
    this.code = code;
    this.faults = faults;
    this.detail = detail;
  }

  /** True when sending the same bytes later can succeed. */
  get retryable(): boolean {
    return entryOf(this.code).retry === 'later';
  }
}

/** `error` as TraoError: itself, or `internal` with the original as cause. */
export function asTraoError(error: unknown): TraoError {
  return error instanceof TraoError ? error : new TraoError('internal', { cause: error });
}
