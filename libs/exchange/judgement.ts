import { asTraoError, entryOf, type Code } from '../errors';

/**
 * The code of an error that judges what a partner sent. A fault of this machine is no judgement: it is thrown on, and the work
 * is done again later, because a refusal is signed evidence and cannot be taken back.
 */
export function judgementOf(error: unknown): Code {
  const { code, retryable } = asTraoError(error);
  if (retryable || entryOf(code).http >= 500) throw error;
  return code;
}
